// Package actions is the list of action items of all incidents that one may see.
package actions
