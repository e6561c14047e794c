// Package home is the page that a person finds when they come in.
package home
