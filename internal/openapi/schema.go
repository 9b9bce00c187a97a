package openapi

import (
	"encoding"
	"encoding/json"
	"path"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
)

// object is a JSON object on its way out.
type object = map[string]any

// schemas writes schemas of samples. Named structs in answers are written once, as
// components.
type schemas struct {
	components object
	names      map[reflect.Type]string
	// asked: the sample is of a request, whose fields door.Read names.
	asked bool
}

// of gives the schema of a sample.
func (s *schemas) of(sample any) object {
	switch v := sample.(type) {
	case nil:
		return object{}
	case Members:
		return s.members(v)
	case List:
		return object{"type": "array", "items": s.of(v.Of)}
	case Map:
		return object{"type": "object", "additionalProperties": s.of(v.Of)}
	case OneOf:
		return object{"type": "string", "enum": []string(v)}
	case Said:
		about := s.of(v.Of)
		about["description"] = v.About
		return about
	}
	return s.ofType(reflect.TypeOf(sample))
}

func (s *schemas) members(m Members) object {
	properties, required := object{}, []string{}
	for name, sample := range m {
		bare, optional := strings.CutSuffix(name, "?")
		properties[bare] = s.of(sample)
		if !optional {
			required = append(required, bare)
		}
	}
	return s.object(properties, required)
}

// object gives the schema of an object. A request with an unknown member is refused; an
// answer may get further members later.
func (s *schemas) object(properties object, required []string) object {
	o := object{"type": "object", "properties": properties}
	if slices.Sort(required); len(required) > 0 {
		o["required"] = required
	}
	if s.asked {
		o["additionalProperties"] = false
	}
	return o
}

var (
	rawType    = reflect.TypeFor[json.RawMessage]()
	timeType   = reflect.TypeFor[time.Time]()
	textType   = reflect.TypeFor[encoding.TextMarshaler]()
	fromText   = reflect.TypeFor[encoding.TextUnmarshaler]()
	jsonType   = reflect.TypeFor[json.Marshaler]()
	wantedType = reflect.TypeFor[interface{ Wanted() string }]()
)

func (s *schemas) ofType(t reflect.Type) object {
	o := s.bare(t)
	if t.Implements(wantedType) && t.Kind() != reflect.Pointer {
		o["description"] = reflect.Zero(t).Interface().(interface{ Wanted() string }).Wanted()
	}
	return o
}

func (s *schemas) bare(t reflect.Type) object {
	pointer := reflect.PointerTo(t)
	switch {
	case t == rawType || t.Kind() == reflect.Interface:
		return object{}
	case t == timeType:
		return object{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return s.ofType(t.Elem())
	case t.Implements(textType) || s.asked && pointer.Implements(fromText):
		return object{"type": "string"}
	case t.Implements(jsonType):
		return ofValue(t)
	}
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Float32, reflect.Float64:
		return object{"type": "number"}
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return object{"type": "string", "contentEncoding": "base64"}
		}
		return object{"type": "array", "items": s.ofType(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.ofType(t.Elem())}
	case reflect.Struct:
		return s.structure(t)
	}
	return object{"type": "integer"}
}

// ofValue gives the schema of a type that writes itself, by what its zero value becomes.
func ofValue(t reflect.Type) object {
	text, err := json.Marshal(reflect.Zero(t).Interface())
	if err != nil || len(text) == 0 {
		return object{}
	}
	switch text[0] {
	case '"':
		return object{"type": "string"}
	case '{':
		return object{"type": "object"}
	case '[':
		return object{"type": "array"}
	case 't', 'f':
		return object{"type": "boolean"}
	case 'n':
		return object{}
	}
	return object{"type": "number"}
}

func (s *schemas) structure(t reflect.Type) object {
	if s.asked || t.Name() == "" {
		return s.fields(t)
	}
	name, known := s.names[t]
	if !known {
		name = s.nameOf(t)
		s.names[t], s.components[name] = name, object{}
		s.components[name] = s.fields(t)
	}
	return object{"$ref": "#/components/schemas/" + name}
}

// nameOf gives a struct a name in the document: that of its type, after its package's where
// another has it.
func (s *schemas) nameOf(t reflect.Type) string {
	name, _, _ := strings.Cut(t.Name(), "[")
	for _, end := range []string{"Body", "JSON", "View"} {
		if bare, ok := strings.CutSuffix(name, end); ok && bare != "" {
			name = bare
		}
	}
	name = title(name)
	if _, taken := s.components[name]; taken {
		name = title(path.Base(t.PkgPath())) + name
	}
	return name
}

func title(s string) string { return string(unicode.ToUpper(rune(s[0]))) + s[1:] }

func (s *schemas) fields(t reflect.Type) object {
	properties, required := object{}, []string{}
	for _, f := range reflect.VisibleFields(t) {
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		inside := f.Anonymous && name == "" && f.Type.Kind() == reflect.Struct
		if !f.IsExported() || inside || name == "-" || hidden(t, f) {
			continue
		}
		if name == "" {
			if name = f.Name; s.asked {
				name = strings.ToLower(name)
			}
		}
		properties[name] = s.ofType(f.Type)
		optional := strings.Contains(options, "omitempty") || strings.Contains(options, "omitzero")
		if f.Type.Kind() == reflect.Pointer && !optional && !s.asked {
			properties[name] = object{"anyOf": []any{properties[name], object{"type": "null"}}}
		}
		if !optional && (f.Type.Kind() != reflect.Pointer || !s.asked) {
			required = append(required, name)
		}
	}
	return s.object(properties, required)
}

// hidden reports a field of an embedded struct that is under a name there.
func hidden(t reflect.Type, f reflect.StructField) bool {
	for i := 1; i < len(f.Index); i++ {
		if in := t.FieldByIndex(f.Index[:i]); in.Tag.Get("json") != "" {
			return true
		}
	}
	return false
}
