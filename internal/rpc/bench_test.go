package rpc

import (
	"reflect"
	"testing"
	"time"
)

// BenchmarkStations measures what a signed request costs at each station of the
// protocol, with everything in the cache.
func BenchmarkStations(b *testing.B) {
	query, err := SignQuery("GET", map[string]string{
		"Action": "Dialogue", "Version": "2019-12-26", "InstanceId": "inst-1", "CallId": "call-1", "CallType": "Outbound",
		"CalledNumber": "13800000000", "CallingNumber": "95187", "Utterance": "你是哪家公司的",
	}, Credentials{"id", "secret", "0123456789abcdef0123456789abcdef", testTime})
	if err != nil {
		b.Fatal(err)
	}
	plan, err := planRequest(reflect.TypeFor[sampleRequest]())
	if err != nil {
		b.Fatal(err)
	}
	var x exchange
	now := time.Unix(1_700_000_000, 0)
	used := newNonces(1 << 24)
	nonce := make([]byte, 8)
	for _, station := range []struct {
		name string
		do   func()
	}{
		{"parse", func() { err = x.params.parse(query, nil) }},
		{"stringToSign", func() { x.toSign = stringToSign(x.toSign[:0], "GET", &x.params) }},
		{"sign", func() { x.signer.sign("secret", x.toSign) }},
		{"credentials", func() { _, err = x.credentials() }},
		{"nonce", func() {
			for i := range nonce {
				if nonce[i]++; nonce[i] != 0 {
					break
				}
			}
			used.use(nonce, nonce, now)
		}},
		{"decode", func() { _ = plan.decode(&x.params, reflect.ValueOf(&sampleRequest{}).Elem()) }},
		{"requestID", func() { x.caller.RequestID = NewRequestID() }},
	} {
		b.Run(station.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				station.do()
			}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}
