// Package history shows how a post-mortem came to be what it is.
package history
