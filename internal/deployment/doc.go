// Package deployment holds the tests of what stands around the program: that
// compose.yaml speaks of settings and houses that there are, and that its
// services, started as it says, from a static binary on an empty file system,
// make a town in which an account can be opened. No container engine is needed.
package deployment
