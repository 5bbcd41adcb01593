package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"

	"jurat"
)

//go:embed static
var staticFiles embed.FS

// assets are the style sheet, scripts, pictures and fonts. Each is served under
// an address with the digest of them all in it, and so for ever.
type assets struct {
	version string
	files   map[string]asset // by path below static/
}

type asset struct {
	kind           string
	plain, squeeze []byte // squeeze: by gzip, where that is shorter
}

// readAssets reads the counter's own files, once: they are built in.
var readAssets = sync.OnceValues(func() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	sum := sha256.New()
	err := fs.WalkDir(staticFiles, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := staticFiles.ReadFile(name)
		if err != nil {
			return err
		}
		sum.Write([]byte(name))
		sum.Write(text)
		kind := mime.TypeByExtension(path.Ext(name))
		switch path.Ext(name) {
		case ".js":
			kind = "text/javascript; charset=utf-8"
		case ".css":
			kind = "text/css; charset=utf-8"
		case ".svg":
			kind = "image/svg+xml"
		case ".woff2":
			kind = "font/woff2"
		case ".ico":
			kind = "image/x-icon"
		case "", ".md", ".json":
			kind = "text/plain; charset=utf-8"
		}
		one := asset{kind: kind, plain: text}
		if path.Ext(name) != ".woff2" {
			var b bytes.Buffer
			z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
			if err != nil {
				return err
			}
			if _, err := z.Write(text); err != nil {
				return err
			}
			if err := z.Close(); err != nil {
				return err
			}
			if b.Len() < len(text) {
				one.squeeze = b.Bytes()
			}
		}
		a.files[strings.TrimPrefix(name, "static/")] = one
		return nil
	})
	if err != nil {
		return nil, jurat.Because(jurat.Unavailable, err, "read the counter's own files")
	}
	a.version = hex.EncodeToString(sum.Sum(nil)[:8])
	return a, nil
})

// address is where an asset is served. One that is not there is a mistake of
// the template that names it.
func (a *assets) address(name string) (string, error) {
	if _, ok := a.files[name]; !ok {
		return "", jurat.Errorf(jurat.NotFound, "there is no asset %q", name)
	}
	return "/static/" + a.version + "/" + name, nil
}

// ServeHTTP serves /static/VERSION/NAME.
func (a *assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	version, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/static/"), "/")
	f, ok := a.files[name]
	if !ok || version != a.version {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := f.plain
	if f.squeeze != nil && takesGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = f.squeeze
	}
	w.Write(body) //nolint:errcheck // the reader went away
}
