// Package account holds the pages of who is not signed in yet: sign-in, and the
// links that make an account or set a password.
package account
