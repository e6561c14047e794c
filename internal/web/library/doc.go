// Package library is the list of post-mortems: searched, filtered, page by page.
package library
