// Package desk is what all desks of the authority have in common: the
// officers, what each may do, the municipality whose counter one sits at, and
// how an entry is checked and refused.
package desk
