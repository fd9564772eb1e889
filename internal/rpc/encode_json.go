package rpc

import (
	"math"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// appendJSON appends a value as JSON without blanks.
func (s *shape) appendJSON(dst []byte, v reflect.Value) []byte {
	switch s.kind {
	case reflect.String:
		return AppendJSONString(dst, v.String())
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10)
	case reflect.Float64:
		return appendJSONFloat(dst, v.Float())
	case reflect.Pointer:
		return s.element.appendJSON(dst, v.Elem())
	case reflect.Slice:
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = s.element.appendJSON(dst, v.Index(i))
		}
		return append(dst, ']')
	default:
		dst = append(dst, '{')
		dst = s.appendJSONMembers(dst, v)
		return append(dst, '}')
	}
}

func (s *shape) appendJSONMembers(dst []byte, v reflect.Value) []byte {
	first := true
	for i := range s.members {
		m := &s.members[i]
		if m.left(v) {
			continue
		}
		if !first {
			dst = append(dst, ',')
		}
		first = false
		dst = m.appendJSON(dst, v)
	}
	return dst
}

func (m *member) appendJSON(dst []byte, v reflect.Value) []byte {
	dst = append(dst, '"')
	dst = append(dst, m.name...)
	dst = append(dst, '"', ':')
	return m.shape.appendJSON(dst, v.FieldByIndex(m.path))
}

// appendJSONFloat appends a number; JSON has none for infinity and NaN, which
// become null.
func appendJSONFloat(dst []byte, f float64) []byte {
	if math.IsInf(f, 0) || math.IsNaN(f) {
		return append(dst, "null"...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, 64)
}

// AppendJSONString appends s as a JSON string. Only what JSON demands is
// escaped; what is no UTF-8 becomes U+FFFD.
func AppendJSONString(dst []byte, s string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
		}
		dst = append(dst, s[start:i]...)
		dst = appendJSONEscape(dst, c)
		i++
		start = i
	}
	dst = append(dst, s[start:]...)
	return append(dst, '"')
}

func appendJSONEscape(dst []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(dst, '\\', c)
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	}
	if c >= utf8.RuneSelf {
		return append(dst, "\uFFFD"...)
	}
	return append(dst, '\\', 'u', '0', '0', upperHex[c>>4], upperHex[c&15])
}
