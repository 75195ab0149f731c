import Regions

/// A place in a process file, both from 1.
struct Place: Hashable, Sendable {
  let line: Int
  let column: Int

  static let start = Place(line: 1, column: 1)

  init(line: Int, column: Int) {
    self.line = line
    self.column = column
  }

  init(_ value: YAMLValue) { self.init(line: value.line, column: value.column) }

  init(_ entry: YAMLValue.Entry) { self.init(line: entry.line, column: entry.column) }
}

/// What was read of a process file, with the places that findings name.
struct ProcessSketch {
  struct Family {
    let place: Place
    let family: Casework.Family
    /// The places of stages, by key.
    let stages: [String: Place]
    /// The places of acts, by kind.
    let acts: [String: Place]
    /// The places of the words in an act's lists, by kind and word.
    let words: [String: [String: Place]]
  }

  var families: [Family] = []
  var movers = Actors(tiers: [.city])
  var roles: [RoleName] = []
  var years: [WorkingCalendar.Year] = []
}

/// What a role (角色) is called.
package struct RoleName: Hashable, Sendable {
  package let key: String
  package let chinese: String
  package let english: String

  package init(_ key: String, _ chinese: String, _ english: String) {
    self.key = key
    self.chinese = chinese
    self.english = english
  }
}
