"""Long runs: ./run assure NAME."""
