// Package create is where post-mortems begin: from evidence, from Markdown, from
// nothing; and a near miss in one minute.
package create
