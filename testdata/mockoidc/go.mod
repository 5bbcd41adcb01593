// A single sign-on for tests of internal/login. A module of its own, so that
// nothing of it is ever linked into the product.
module jurat.invalid/mockoidc

go 1.26

require (
	github.com/golang-jwt/jwt/v5 v5.2.0
	github.com/oauth2-proxy/mockoidc v0.0.0-20240214162133-caebfff84d25
)

require (
	github.com/go-jose/go-jose/v3 v3.0.1 // indirect
	golang.org/x/crypto v0.0.0-20220214200702-86341886e292 // indirect
)
