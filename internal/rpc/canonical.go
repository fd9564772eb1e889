package rpc

// stringToSign appends what a request is signed over: the method, the path "/"
// and the canonical query, each percent-encoded, joined with &. The canonical
// query is every parameter but Signature, empty ones included, as name=value
// with both percent-encoded, sorted by name and joined with &.
//
// Names and values are thus encoded twice; this writes the second encoding at
// once instead of making the first.
func stringToSign(dst []byte, method string, p *params) []byte {
	dst = append(dst, method...)
	dst = append(dst, "&%2F&"...)
	first := true
	for _, one := range p.pairs {
		if string(one.name) == "Signature" {
			continue
		}
		if !first {
			dst = append(dst, "%26"...)
		}
		first = false
		dst = appendTwiceEncoded(dst, one.name)
		dst = append(dst, "%3D"...)
		dst = appendTwiceEncoded(dst, one.value)
	}
	return dst
}

// appendTwiceEncoded appends text percent-encoded, and that percent-encoded
// again: %2F, say, becomes %252F.
func appendTwiceEncoded(dst, text []byte) []byte {
	for i := 0; i < len(text); {
		run := i
		for run < len(text) && unreserved[text[run]] {
			run++
		}
		dst = append(dst, text[i:run]...)
		if run < len(text) {
			c := text[run]
			dst = append(dst, '%', '2', '5', upperHex[c>>4], upperHex[c&15])
			run++
		}
		i = run
	}
	return dst
}

// appendEncoded appends text percent-encoded once, as it stands in a URL.
func appendEncoded(dst []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; unreserved[c] {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

const upperHex = "0123456789ABCDEF"

// unreserved tells the bytes that stay as they are: A-Z a-z 0-9 - _ . ~
var unreserved = func() (table [256]bool) {
	for c := range table {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' && c < 0x80
		digit := c >= '0' && c <= '9'
		table[c] = letter || digit || c == '-' || c == '_' || c == '.' || c == '~'
	}
	return table
}()
