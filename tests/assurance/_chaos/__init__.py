"""The parts of the chaos run: the stage, the load, what is killed, the post office, and the verdict."""
