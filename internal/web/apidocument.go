package web

import "net/http"

// openAPI hands out the description of what programs may ask. It says nothing
// of the record, and a stranger may read it.
func (c *Counter) openAPI(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/openapi+json")
	w.Write(c.api.document) //nolint:errcheck // the reader went away
}
