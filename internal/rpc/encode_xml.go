package rpc

import (
	"reflect"
	"strconv"
	"unicode/utf8"
)

const xmlDeclaration = `<?xml version="1.0" encoding="utf-8"?>` + "\n"

// appendXML appends a value as an element of the given name. A list is the
// element repeated, without one around it; an empty list is nothing.
func (s *shape) appendXML(dst []byte, name string, v reflect.Value) []byte {
	switch s.kind {
	case reflect.Slice:
		for i := range v.Len() {
			dst = s.element.appendXML(dst, name, v.Index(i))
		}
		return dst
	case reflect.Pointer:
		return s.element.appendXML(dst, name, v.Elem())
	}
	dst = appendXMLOpen(dst, name)
	switch s.kind {
	case reflect.String:
		dst = appendXMLText(dst, v.String())
	case reflect.Bool:
		dst = strconv.AppendBool(dst, v.Bool())
	case reflect.Int64:
		dst = strconv.AppendInt(dst, v.Int(), 10)
	case reflect.Float64:
		dst = strconv.AppendFloat(dst, v.Float(), 'g', -1, 64)
	default:
		for i := range s.members {
			if m := &s.members[i]; !m.left(v) {
				dst = m.shape.appendXML(dst, m.name, v.FieldByIndex(m.path))
			}
		}
	}
	return appendXMLClose(dst, name)
}

func appendXMLOpen(dst []byte, name string) []byte {
	dst = append(dst, '<')
	dst = append(dst, name...)
	return append(dst, '>')
}

func appendXMLClose(dst []byte, name string) []byte {
	dst = append(dst, '<', '/')
	dst = append(dst, name...)
	return append(dst, '>')
}

// appendXMLText appends s escaped. Characters that XML 1.0 does not have, not
// even escaped, become U+FFFD; a carriage return is escaped because a parser
// would make a line feed of it.
func appendXMLText(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == '&':
			dst = append(dst, "&amp;"...)
		case r == '<':
			dst = append(dst, "&lt;"...)
		case r == '>':
			dst = append(dst, "&gt;"...)
		case r == '\r':
			dst = append(dst, "&#xD;"...)
		case r < ' ' && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
			dst = append(dst, "\uFFFD"...)
		default:
			dst = utf8.AppendRune(dst, r)
		}
		i += size
	}
	return dst
}
