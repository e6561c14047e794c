// Package failure holds the pages that say what went wrong and what to do next.
package failure
