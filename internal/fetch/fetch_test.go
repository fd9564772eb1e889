package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

// everywhere is a Fetcher that takes the loopback interface for public, so that
// tests have somebody to ask.
func everywhere(hosts ...string) *Fetcher {
	f := New(hosts...)
	f.public = func(netip.Addr) bool { return true }
	return f
}

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"8.8.8.8": true, "47.100.0.1": true, "2400:3200::1": true, "::ffff:8.8.8.8": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "172.31.255.255": false, "192.168.0.1": false,
		"169.254.169.254": false, "100.100.100.200": false, "0.0.0.0": false, "0.1.2.3": false, "255.255.255.255": false,
		"224.0.0.1": false, "192.0.0.192": false, "198.18.0.1": false, "240.0.0.1": false,
		"::1": false, "::": false, "fe80::1": false, "fe80::1%eth0": false, "fc00::1": false, "fd00:ec2::254": false,
		"ff02::1": false, "fec0::1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false, "::127.0.0.1": false,
		"64:ff9b::a00:1": false, "64:ff9b:1::1": false, "2002:a00:1::": false, "2001:0:a00:1::": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("isPublic(%s) = %v", address, got)
		}
	}
}

func TestGet(t *testing.T) {
	big := bytes.Repeat([]byte("a"), 1<<20)
	mux := http.NewServeMux()
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "content") })
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/file", http.StatusFound) })
	mux.HandleFunc("/away", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://other.example/file", http.StatusFound)
	})
	mux.HandleFunc("/scheme", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/round", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/round", http.StatusFound) })
	mux.HandleFunc("/huge", func(w http.ResponseWriter, _ *http.Request) {
		for range maxSize>>20 + 1 {
			_, _ = w.Write(big)
		}
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	host := server.Listener.Addr().String()

	for _, tt := range []struct{ url, want string }{
		{"http://" + host + "/file", "content"},
		{"HTTP://" + host + "/file", "content"},
		{"http://" + host + "/moved", "content"},
		{"http://" + host + "/missing", ""},
		{"http://" + host + "/away", ""},
		{"http://" + host + "/scheme", ""},
		{"http://" + host + "/round", ""},
		{"http://" + host + "/huge", ""},
		{"http://user@" + host + "/file", ""},
		{"https://" + host + "/file", ""}, // Not TLS.
		{"ftp://" + host + "/file", ""},
		{"http://localhost/file", ""},
		{"http:///file", ""},
		{"127.0.0.1/file", ""},
		{"%", ""},
		{"", ""},
	} {
		data, err := everywhere("127.0.0.1").Get(t.Context(), tt.url)
		if string(data) != tt.want || (err == nil) != (tt.want != "") || err != nil && !errors.Is(err, ErrRefused) {
			t.Errorf("Get(%q): %d bytes, %v; want %q", tt.url, len(data), err, tt.want)
		}
	}
}

// A host on the list that turns out to be at a private address is not asked,
// by whatever way it came to be there.
func TestGetNothingPrivate(t *testing.T) {
	asked := false
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	defer inside.Close()
	at, err := url.Parse(inside.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "[::ffff:127.0.0.1]"} {
		name := strings.Trim(host, "[]")
		if _, err := New(name).Get(t.Context(), "http://"+host+":"+at.Port()+"/"); !errors.Is(err, ErrRefused) {
			t.Errorf("%s: %v", host, err)
		}
	}
	// The first host may be asked; where it sends us may not.
	outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://127.0.0.1:"+at.Port()+"/", http.StatusFound)
	}))
	defer outside.Close()
	f := New("127.0.0.1")
	connections := 0
	f.public = func(netip.Addr) bool { connections++; return connections == 1 }
	if _, err := f.Get(t.Context(), outside.URL); !errors.Is(err, ErrRefused) || connections != 2 {
		t.Errorf("a redirect to a private address: %v after %d connections", err, connections)
	}
	if asked {
		t.Error("a server at a private address was asked")
	}
}

func TestGetEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		cancel()
		<-r.Context().Done()
	}))
	defer server.Close()
	if _, err := everywhere("127.0.0.1").Get(ctx, server.URL); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want that the context ended", err)
	}
}
