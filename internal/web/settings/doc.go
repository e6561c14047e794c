// Package settings is the page of one's own account and tokens, and for admins
// the audit trail.
package settings
