// Mockoidc is a single sign-on for tests of internal/login: a real provider of
// OpenID Connect over loopback, by others. It prints where it is as one line of
// JSON, signs the person in whom the line on its standard input names, and ends
// with its input. It is a module of its own, because what it needs is nothing
// the product should carry.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/oauth2-proxy/mockoidc"
)

func main() {
	m, err := mockoidc.Run()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	c := m.Config()
	if err := json.NewEncoder(os.Stdout).Encode(map[string]string{"issuer": c.Issuer, "client": c.ClientID, "secret": c.ClientSecret}); err != nil {
		os.Exit(1)
	}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		m.QueueUser(&mockoidc.MockUser{Subject: in.Text(), Email: "somebody@city.example"})
		fmt.Println("{}")
	}
	if err := m.Shutdown(); err != nil {
		os.Exit(1)
	}
}
