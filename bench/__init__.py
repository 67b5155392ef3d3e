"""What things cost, each measured against its floor in the same run: ./run bench NAME."""
