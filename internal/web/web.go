// Package web is the interface that people use: pages made on the server, which
// work without JavaScript, and small scripts that improve them.
//
// A page is a folder with its template, its style and its script.
package web
