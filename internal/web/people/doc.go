// Package people is the page of everybody with an account.
package people
