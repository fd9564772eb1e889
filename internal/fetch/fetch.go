// Package fetch gets files from other servers on behalf of clients, who choose
// the URL. So that nobody reaches through us what only we can reach, it asks
// only the hosts that the operator names, only at public addresses, and takes
// only so much and for so long.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"syscall"
	"time"
)

const (
	maxSize      = 64 << 20 // Bytes.
	maxTime      = time.Minute
	maxRedirects = 5
)

// ErrRefused says that a URL is not one to fetch from, or that nothing was
// there. It does not say which: how a network looks from the inside is nothing
// to tell.
var ErrRefused = errors.New("the URL cannot be fetched")

// Fetcher gets files. It is safe for concurrent use. Make one with [New].
type Fetcher struct {
	hosts  map[string]bool
	public func(netip.Addr) bool
	client *http.Client
}

// New returns a Fetcher for these hosts, named without ports, such as
// "files.example.com", and for no others.
func New(hosts ...string) *Fetcher {
	f := &Fetcher{hosts: make(map[string]bool), public: isPublic}
	for _, host := range hosts {
		f.hosts[strings.ToLower(host)] = true
	}
	dialer := &net.Dialer{Timeout: 10 * time.Second, ControlContext: f.control}
	f.client = &http.Client{
		Timeout: maxTime,
		Transport: &http.Transport{
			// Without a proxy, which would be what is dialled instead.
			DialContext:           dialer.DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: 30 * time.Second,
			DisableKeepAlives:     true, // A connection belongs to the check it passed.
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > maxRedirects {
				return errors.New("too many redirects")
			}
			return f.allowed(r.URL)
		},
	}
	return f
}

// Get returns what is at a URL. Whatever keeps it from doing so is an
// ErrRefused, but for the end of ctx.
func (f *Fetcher) Get(ctx context.Context, address string) ([]byte, error) {
	data, err := f.get(ctx, address)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return data, nil
}

func (f *Fetcher) get(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, err
	}
	if err := f.allowed(u); err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	response, err := f.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answers %s", response.Status)
	}
	data, err := io.ReadAll(io.LimitReader(response.Body, maxSize+1))
	if err == nil && len(data) > maxSize {
		err = errors.New("it is larger than 64 MiB")
	}
	return data, err
}

// allowed refuses a URL of another host or kind. It is asked about redirects too.
func (f *Fetcher) allowed(u *url.URL) error {
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return errors.New("its scheme is neither https nor http")
	case u.User != nil:
		return errors.New("it holds a user")
	case !f.hosts[strings.ToLower(u.Hostname())]:
		return errors.New("its host is not on the list")
	}
	return nil
}

// control is asked before each connection, with the address that the name of
// the host stands for now: what a name stood for when it was looked up says
// nothing of what it stands for when it is dialled.
func (f *Fetcher) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	if !f.public(at.Addr()) {
		return errors.New("its address is not public")
	}
	return nil
}

// reserved are the networks beside the private ones, the loopback, link-local
// and multicast addresses that the public cannot reach, or that lead to such.
var reserved = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),      // This network.
	netip.MustParsePrefix("100.64.0.0/10"),  // Behind a carrier's NAT; metadata of some clouds.
	netip.MustParsePrefix("192.0.0.0/24"),   // Protocol assignments.
	netip.MustParsePrefix("198.18.0.0/15"),  // Benchmarks.
	netip.MustParsePrefix("240.0.0.0/4"),    // Never given out; broadcast.
	netip.MustParsePrefix("::/96"),          // IPv4 inside of IPv6, as it once was written.
	netip.MustParsePrefix("64:ff9b::/96"),   // IPv4 through NAT64.
	netip.MustParsePrefix("64:ff9b:1::/48"), // The same, local.
	netip.MustParsePrefix("2001::/32"),      // IPv4 through Teredo.
	netip.MustParsePrefix("2002::/16"),      // IPv4 through 6to4.
	netip.MustParsePrefix("fec0::/10"),      // Site-local.
}

// isPublic reports whether an address is one that anybody could reach.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Zone() != "" {
		return false
	}
	for _, network := range reserved {
		if network.Contains(a) {
			return false
		}
	}
	return true
}
