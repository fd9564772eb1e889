package rpc

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// The two vectors of the reference: its printed signature belongs to another
// action than the one it prints, and the printed action to another signature.
func TestSignatureVectors(t *testing.T) {
	for _, c := range []struct{ action, version, want string }{
		{"DescribeRegions", "2014-05-26", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="},
		{"CreateIntent", "2019-12-26", "FeDzpCEnFSBEPP/SkZPyaiOOx5g="},
	} {
		var p params
		if err := p.parse("Timestamp=2016-02-23T12%3A46%3A24Z&Format=XML&AccessKeyId=testid&Action="+c.action+
			"&SignatureMethod=HMAC-SHA1&SignatureNonce=3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf&Version="+c.version+
			"&SignatureVersion=1.0&Signature=ignored", nil); err != nil {
			t.Fatal(err)
		}
		toSign := stringToSign(nil, "GET", &p)
		if want := "GET&%2F&AccessKeyId%3Dtestid%26Action%3D" + c.action + "%26Format%3DXML%26SignatureMethod%3DHMAC-SHA1" +
			"%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf%26SignatureVersion%3D1.0" +
			"%26Timestamp%3D2016-02-23T12%253A46%253A24Z%26Version%3D" + c.version; string(toSign) != want {
			t.Errorf("%s: signs %s, want %s", c.action, toSign, want)
		}
		var s signer
		for range 2 { // The second time with the hash at hand.
			if got := string(s.sign("testsecret", toSign)); got != c.want {
				t.Errorf("%s: %s, want %s", c.action, got, c.want)
			}
		}
	}
}

func TestSignerChangesSecret(t *testing.T) {
	var s signer
	for _, secret := range []string{"a", "b", "b", "a", ""} {
		if got, want := string(s.sign(secret, []byte("text"))), referenceSignature(secret, "text"); got != want {
			t.Errorf("secret %q: %s, want %s", secret, got, want)
		}
	}
}

func TestQueryAgainstReference(t *testing.T) {
	values := rapid.MapOf(rapid.String(), rapid.String())
	rapid.Check(t, func(t *rapid.T) {
		query, form := url.Values{}, url.Values{}
		for name, value := range values.Draw(t, "query") {
			query.Set(name, value)
		}
		for name, value := range values.Draw(t, "form") {
			form.Set(name, value)
		}
		checkAgainstReference(t, query.Encode(), form.Encode())
	})
}

func TestSignQueryAgainstReference(t *testing.T) {
	text := rapid.StringOf(rapid.RuneFrom([]rune("aZ09-_.~ *+/=&%'\"{}[]<>你好😀")))
	rapid.Check(t, func(t *rapid.T) {
		given := rapid.MapOf(text, text).Draw(t, "parameters")
		method := rapid.SampledFrom([]string{"GET", "POST"}).Draw(t, "method")
		secret := text.Draw(t, "secret")
		query, err := SignQuery(method, given, Credentials{"id", secret, "nonce", time.Unix(1700000000, 0)})
		if err != nil {
			t.Fatal(err)
		}
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		for name, value := range given {
			if values.Get(name) != value {
				t.Fatalf("%q is %q, want %q", name, values.Get(name), value)
			}
		}
		if want := referenceSignature(secret, referenceStringToSign(method, values)); values.Get("Signature") != want {
			t.Fatalf("signature %s, want %s", values.Get("Signature"), want)
		}
	})
}

func TestSignQuery(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.FixedZone("CST", 8*3600))
	query, err := SignQuery("GET", map[string]string{"Action": "X", "Signature": "forged", "Format": "XML"}, Credentials{"id", "s", "n", at})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Timestamp=2026-03-03T21%3A06%3A07Z", "Format=XML", "SignatureNonce=n", "AccessKeyId=id"} {
		if !strings.Contains(query, want) {
			t.Errorf("%s lacks %s", query, want)
		}
	}
	if strings.Contains(query, "forged") {
		t.Errorf("%s keeps a signature it was given", query)
	}
	if _, err := SignQuery("GET", map[string]string{"A": "\x00"}, Credentials{}); err == nil {
		t.Error("a control character is signed")
	}
}

func FuzzSignature(f *testing.F) {
	f.Add("secret", "a=%20b&c=%E4%BD%A0*~", "GET")
	f.Add("", "", "POST")
	f.Add(strings.Repeat("long", 40), "Signature=x&Signature.=y&~=%25", "GET")
	f.Fuzz(func(t *testing.T, secret, query, method string) {
		values, ok := referenceParse(query, "")
		var p params
		if err := p.parse(query, nil); err != nil || !ok {
			return
		}
		var s signer
		got := string(s.sign(secret, stringToSign(nil, method, &p)))
		if want := referenceSignature(secret, referenceStringToSign(method, values)); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
