package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"jurat"
	"jurat/internal/login"
)

// apiPrefix is where programs ask; nothing a browser shows is there.
const apiPrefix = "/api/v1/"

// An api is the counter for programs: what the pages do, through the same desk,
// as the person whose token the program shows. Cookies are nothing to it.
type api struct {
	*Counter
	huma     huma.API
	mux      *http.ServeMux
	pace     pace
	document []byte // OpenAPI 3.1
}

func newAPI(c *Counter) (*api, error) {
	a := &api{Counter: c, mux: http.NewServeMux(), pace: pace{all: map[string]allowance{}}}
	config := huma.DefaultConfig("Jurat", c.Version)
	config.CreateHooks = nil // answers name no schema by an address the request chose
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.RejectUnknownQueryParameters = true
	config.Transformers = []huma.Transformer{ours4xx}
	config.Info.Description = "What the pages of this counter do, for programs. A program acts as the person who made its token, under the same policy, and what it does is on the record in their name. " +
		"What is absent and what the person may not see are the same answer. What a person must sign is done in two requests: ask for what is to be signed, then bring the signature."
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", Description: "A token a person made at /me; good for 90 days at most, and for the office and the role they had then."},
	}
	config.Security = []map[string][]string{{"token": {}}}
	a.huma = humago.New(a.mux, config)
	a.mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { a.refuse(w, problemOf(nothingHere)) })
	a.incidents()
	a.records()
	a.quickReports()
	a.sides()
	a.exhibits()
	a.copies()
	a.handOver()
	a.house()
	a.office()
	a.adoption()
	a.signatures()
	for _, leftover := range []string{"ErrorModel", "ErrorDetail"} { // ours is another
		delete(config.Components.Schemas.Map(), leftover)
	}
	var err error
	a.document, err = json.Marshal(a.huma.OpenAPI())
	return a, err
}

// callKey is where a request's visit lies in its context.
type callKey struct{}

// ServeHTTP answers one request of a program: who it acts for, whether it asks
// too often, and whether it asked this before, come first.
func (a *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	at := a.Now()
	token, err := a.Login.ByAPIToken(r.Context(), at, bearerOf(r))
	if err != nil {
		a.answerError(w, r, err)
		return
	}
	if wait := a.pace.take(token.ID, at); wait > 0 {
		a.refuse(w, tooMany(w, wait))
		return
	}
	person, office, err := a.Desk.Who(r.Context(), token.Person)
	if err != nil {
		a.answerError(w, r, err)
		return
	}
	v := &visit{counter: a.Counter, at: at, lang: "en", who: &standing{Person: person, Office: office}}
	outer := r
	r = r.WithContext(context.WithValue(r.Context(), callKey{}, v))
	defer func() { outer.Pattern = r.Pattern }() // which page it was, for the log and the numbers
	v.Request = r
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		a.mux.ServeHTTP(w, r)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, formLimit))
	if err != nil {
		a.refuse(w, &problem{Status: http.StatusRequestEntityTooLarge, Kind: "invalid", Detail: "the request is larger than a megabyte, or was cut off"})
		return
	}
	if !utf8.Valid(body) {
		a.refuse(w, &problem{Status: http.StatusBadRequest, Kind: "invalid", Detail: "the request is not in UTF-8"})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	if !token.Write && !readsOnly(r.URL.Path) {
		a.refuse(w, &problem{Status: http.StatusForbidden, Kind: "forbidden", Detail: "this token may read, and change nothing; make one at /me that may write"})
		return
	}
	a.once(w, r, token, body)
	if a.Acted != nil {
		a.Acted()
	}
}

// readsOnly are the questions that are asked with a body, because what is
// looked for stands in no address.
func readsOnly(path string) bool { return path == apiPrefix+"search" }

// once carries a request out, or gives the answer it was given before when the
// program calls it by the same name. A search is asked anew each time, and so
// is the opening of a sealed part: each is an act, and its answer is not kept.
func (a *api) once(w http.ResponseWriter, r *http.Request, token login.APIToken, body []byte) {
	key := r.Header.Get("Idempotency-Key")
	if key == "" || readsOnly(r.URL.Path) || strings.Contains(r.URL.Path, "/sealed/") {
		a.mux.ServeHTTP(w, r)
		return
	}
	if len(key) > 200 {
		a.refuse(w, &problem{Status: http.StatusUnprocessableEntity, Kind: "invalid", Field: "Idempotency-Key", Detail: "an Idempotency-Key has 200 characters at most"})
		return
	}
	request := append([]byte(r.Method+" "+r.URL.RequestURI()+"\n"), body...)
	v := visitOf(r.Context())
	before, err := a.Login.BeginAnswer(r.Context(), v.at, token, key, request)
	if err != nil {
		a.answerError(w, r, err)
		return
	}
	if before == nil {
		kept := &keptAnswer{header: http.Header{}}
		a.mux.ServeHTTP(kept, r)
		before = &login.Answered{Status: kept.code, Header: map[string]string{"Content-Type": kept.header.Get("Content-Type")}, Body: kept.body.Bytes()}
		if before.Status < http.StatusInternalServerError { // what failed is not known to be done, nor not done
			if err := a.Login.EndAnswer(context.WithoutCancel(r.Context()), token, key, request, *before); err != nil {
				a.Log.ErrorContext(r.Context(), "an answer was not kept", "page", r.Pattern, "cause", err)
			}
		}
	} else {
		w.Header().Set("Idempotency-Replayed", "true")
	}
	for name, value := range before.Header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(before.Status)
	w.Write(before.Body) //nolint:errcheck // the reader went away
}

// A keptAnswer is an answer that is kept before it is given.
type keptAnswer struct {
	header http.Header
	code   int
	body   bytes.Buffer
}

func (k *keptAnswer) Header() http.Header { return k.header }

func (k *keptAnswer) WriteHeader(code int) {
	if k.code == 0 {
		k.code = code
	}
}

func (k *keptAnswer) Write(b []byte) (int, error) {
	k.WriteHeader(http.StatusOK)
	return k.body.Write(b)
}

// visitOf is who asks.
func visitOf(ctx context.Context) *visit { return ctx.Value(callKey{}).(*visit) }

// bearerOf is the token a request shows.
func bearerOf(r *http.Request) string {
	scheme, secret, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}

// An answer is what an operation gives; a sent is what it is given.
type (
	answer[O any] struct{ Body O }
	sent[B any]   struct{ Body B }
)

// A page of a list is asked for by the last key of the one before.
type paged struct {
	After string `query:"after" maxLength:"300" doc:"the last key of the page before; empty: the first page"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"how many at most"`
}

// Paged lets a list that may be narrowed have its pages beside what narrows it.
type Paged = paged

// A list is a page of a list: with Next, there is more after it.
type list[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty" doc:"ask for the next page with after set to this; absent: there is none"`
}

// listOf cuts a list that was asked for with one more than its limit.
func listOf[T any](all []T, limit int, key func(T) string) list[T] {
	l := list[T]{Items: all}
	if len(all) > limit {
		l.Items = all[:limit]
		l.Next = key(all[limit-1])
	}
	if l.Items == nil {
		l.Items = []T{}
	}
	return l
}

// pageOf gives the page of a list, known as a whole, that comes after a key.
func pageOf[T any](all []T, p paged, key func(T) string) (list[T], error) {
	if p.After != "" {
		i := slices.IndexFunc(all, func(one T) bool { return key(one) == p.After })
		if i < 0 {
			return list[T]{}, jurat.Errorf(jurat.Invalid, "after names nothing in this list; begin again without it")
		}
		all = all[i+1:]
	}
	return listOf(all, p.Limit, key), nil
}

// paging gives the page of a list that was had whole, or why it was not.
func paging[T any](all []T, err error, p paged, key func(T) string) (list[T], error) {
	if err != nil {
		return list[T]{}, err
	}
	return pageOf(all, p, key)
}

// get adds an operation that answers from the address alone.
func get[O any](a *api, path, id, tag, summary string, do func(v *visit) (O, error)) {
	huma.Register(a.huma, a.operation(http.MethodGet, path, id, tag, summary), func(ctx context.Context, _ *struct{}) (*answer[O], error) {
		return give(a, ctx, do)
	})
}

// getList adds an operation that gives a list page by page.
func getList[O any](a *api, path, id, tag, summary string, do func(v *visit, p paged) (list[O], error)) {
	getNarrowed(a, path, id, tag, summary, do)
}

// getNarrowed adds an operation that lists what is asked for with it: Q has a
// [Paged], and fields of the address.
func getNarrowed[Q, O any](a *api, path, id, tag, summary string, do func(v *visit, in Q) (O, error)) {
	huma.Register(a.huma, a.operation(http.MethodGet, path, id, tag, summary), func(ctx context.Context, in *Q) (*answer[O], error) {
		return give(a, ctx, func(v *visit) (O, error) { return do(v, *in) })
	})
}

// post adds an operation that does something with what is sent.
func post[B, O any](a *api, path, id, tag, summary string, do func(v *visit, in B) (O, error)) {
	huma.Register(a.huma, a.operation(http.MethodPost, path, id, tag, summary), func(ctx context.Context, in *sent[B]) (*answer[O], error) {
		return give(a, ctx, func(v *visit) (O, error) { return do(v, in.Body) })
	})
}

// postBare adds an operation that does something, with nothing to say about it.
func postBare[O any](a *api, path, id, tag, summary string, do func(v *visit) (O, error)) {
	huma.Register(a.huma, a.operation(http.MethodPost, path, id, tag, summary), func(ctx context.Context, _ *struct{}) (*answer[O], error) {
		return give(a, ctx, do)
	})
}

func give[O any](a *api, ctx context.Context, do func(v *visit) (O, error)) (*answer[O], error) {
	v := visitOf(ctx)
	out, err := do(v)
	if v.political() {
		err = a.keptFrom(v, err)
	}
	if err != nil {
		return nil, a.said(v.Request, err)
	}
	return &answer[O]{out}, nil
}

// keptFrom is what a political office is told of an operation, the published
// numbers apart: that nothing is there, as on a page (REF-1). Where the record
// was asked for nothing it is asked now, so that the attempt is journalled.
func (a *api) keptFrom(v *visit, err error) error {
	if err == nil && v.Method == http.MethodGet && !strings.HasPrefix(v.URL.Path, apiPrefix+"numbers") {
		err = a.walled(v)
	}
	if errors.Is(err, jurat.Forbidden) {
		return nothingHere
	}
	return err
}

var pathGap = regexp.MustCompile(`\{(\w+)\}`)

// gaps are the parts of an address, and how one may read.
var gaps = map[string][2]string{
	"incident": {"number of the incident", "2026-000001"}, "class": {"class of the sealed part", "identity"}, "item": {"letter and count of the item within the incident", "P1"},
	"order": {"id of the order", "chicago-eo-2026-01"}, "publication": {"name of the publication", "publication-1"}, "letter": {"receipt or decision", "receipt"},
	"draft": {"name of a draft of yours", "abcdefgh2345"}, "event": {"event number, as dispatch writes it", "26-327-0144"},
}

// operation describes one operation.
func (a *api) operation(method, path, id, tag, summary string) huma.Operation {
	failed := a.huma.OpenAPI().Components.Schemas.Schema(problemType, true, "Problem")
	op := huma.Operation{
		OperationID: id, Method: method, Path: strings.TrimSuffix(apiPrefix, "/") + path, Summary: summary, Tags: []string{tag},
		Responses: map[string]*huma.Response{"default": {Description: "Why it was not done (RFC 9457)", Content: map[string]*huma.MediaType{"application/problem+json": {Schema: failed}}}},
	}
	for _, m := range pathGap.FindAllStringSubmatch(path, -1) {
		says, ok := gaps[m[1]]
		if !ok {
			says = [2]string{"count of the " + m[1] + " within the incident", "1"}
		}
		op.Parameters = append(op.Parameters, &huma.Param{Name: m[1], In: "path", Required: true, Description: says[0], Example: says[1], Schema: &huma.Schema{Type: huma.TypeString}})
	}
	if method == http.MethodPost {
		op.Parameters = append(op.Parameters, &huma.Param{Name: "Idempotency-Key", In: "header", Description: "a name the program gives this request: sent again within a day with the same body, it is answered the same and done once", Schema: &huma.Schema{Type: huma.TypeString}})
	}
	return op
}
