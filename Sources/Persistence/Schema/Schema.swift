/// The tables of a store, as migrations from nothing.
package enum Schema {}
