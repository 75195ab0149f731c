// The first test of this target is being written.
