// Package deployment tests what surrounds the program: that compose.yaml names
// existing settings and houses, and that its services, started as it says from a
// static binary on an empty file system, form a town in which an account can be
// opened. No container engine is needed. It also tests the links in the documents
// and types the commands of the README and of docs/integrate.md.
package deployment
