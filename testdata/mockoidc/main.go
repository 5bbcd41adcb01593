// Mockoidc is a single sign-on for tests of internal/login: a real provider of
// OpenID Connect over loopback, by others. It prints where it is as one line of
// JSON, vouches for whom each line on its standard input names (a JSON object:
// a subject, and what is wrong with what is said of them), and ends with its
// input. It is a module of its own, because what it needs is nothing the product
// should carry.
package main

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/oauth2-proxy/mockoidc"
)

// A somebody is who signs in next.
type somebody struct {
	Subject string
	Wrong   string // issuer, audience, expired, nonce, none (algorithm), key, hmac, no-token, down; empty: nothing
}

// An accused is a subject whose claims may be wrong.
type accused struct {
	mockoidc.MockUser
	wrong string
}

func (a *accused) Claims(scopes []string, c *mockoidc.IDTokenClaims) (jwt.Claims, error) {
	switch a.wrong {
	case "issuer":
		c.Issuer = "https://other.example"
	case "audience":
		c.Audience = jwt.ClaimStrings{"another-client"}
	case "expired":
		c.ExpiresAt = jwt.NewNumericDate(time.Now().Add(-time.Hour))
	case "nonce":
		c.Nonce = "another"
	}
	return a.MockUser.Claims(scopes, c)
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	m, err := mockoidc.NewServer(nil)
	if err != nil {
		return err
	}
	forged := &forger{secret: []byte(m.ClientSecret)}
	if forged.other, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
		return err
	}
	if err := m.AddMiddleware(forged.at); err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	if err := m.Start(ln, nil); err != nil {
		return err
	}
	c := m.Config()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"issuer": c.Issuer, "client": c.ClientID, "secret": c.ClientSecret}); err != nil {
		return err
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		var who somebody
		if err := json.Unmarshal(in.Bytes(), &who); err != nil {
			return err
		}
		forged.how.Store(who.Wrong)
		m.QueueUser(&accused{mockoidc.MockUser{Subject: who.Subject, Email: "somebody@city.example"}, who.Wrong})
		fmt.Println("{}")
	}
	return m.Shutdown()
}

// A forger changes what the provider answers for a code.
type forger struct {
	how    atomic.Value
	secret []byte
	other  *rsa.PrivateKey
}

func (f *forger) at(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		how, _ := f.how.Load().(string)
		if how == "down" && r.URL.Path == mockoidc.TokenEndpoint {
			http.Error(w, "out of order", http.StatusBadGateway)
			return
		}
		if r.URL.Path != mockoidc.TokenEndpoint || how == "" {
			next.ServeHTTP(w, r)
			return
		}
		kept := httptest.NewRecorder()
		next.ServeHTTP(kept, r)
		body := kept.Body.Bytes()
		var said map[string]any
		if kept.Code == http.StatusOK && json.Unmarshal(body, &said) == nil {
			token, _ := said["id_token"].(string)
			if said["id_token"] = f.forge(how, token); said["id_token"] == "" {
				delete(said, "id_token")
			}
			body, _ = json.Marshal(said)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(kept.Code)
		_, _ = bytes.NewReader(body).WriteTo(w)
	})
}

// forge signs a token's claims otherwise, or not at all.
func (f *forger) forge(how, token string) string {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return token
	}
	text, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return token
	}
	claims := jwt.MapClaims{}
	if err := json.Unmarshal(text, &claims); err != nil {
		return token
	}
	var out string
	switch how {
	case "none":
		out, err = jwt.NewWithClaims(jwt.SigningMethodNone, claims).SignedString(jwt.UnsafeAllowNoneSignatureType)
	case "hmac": // by the secret both sides know
		out, err = jwt.NewWithClaims(jwt.SigningMethodHS256, claims).SignedString(f.secret)
	case "key": // by a key that is not the provider's
		out, err = jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(f.other)
	case "no-token":
		return ""
	default:
		return token
	}
	if err != nil {
		return err.Error()
	}
	return out
}
