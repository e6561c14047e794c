package store_test

// runChild runs the binary as another program when a test asked for it.
func runChild() bool { return false }
