package import Ledger
package import Regions

extension RegionDirectory {
  /// The body of a region's `region.described` or `region.changed` event: the canonical map
  /// `{rules, id, no, tier, names: [{name, from?, to?}], codes: [{system, code, from?, to?}], parent?,
  /// managed_by?, address?, location?: {latitude, longitude}, departments: [{key, name}]}`. Days are
  /// `yyyy-mm-dd`; degrees are integer millionths.
  package static func body(of region: Topology.Region, rules: Hash) -> [UInt8] {
    var entries: [String: CanonicalValue] = [
      "rules": .bytes(rules.bytes), "id": .text(region.id.rawValue),
      "no": .integer(Int64(region.number)), "tier": .integer(Int64(region.tier.rawValue)),
      "names": .array(region.names.map { dated(["name": .text($0.text)], $0.period) }),
      "codes": .array(
        region.codes.map {
          dated(["system": .text($0.system), "code": .text($0.code)], $0.period)
        }),
      "departments": .array(
        region.departments.map { .map(["key": .text($0.key), "name": .text($0.name)]) }),
    ]
    entries["parent"] = region.parent.map { .text($0.rawValue) }
    entries["managed_by"] = region.managedBy.map { .text($0.rawValue) }
    entries["address"] = region.address.map { .text($0) }
    entries["location"] = region.location.map {
      .map([
        "latitude": .integer(Int64(($0.latitude * microdegrees).rounded())),
        "longitude": .integer(Int64(($0.longitude * microdegrees).rounded())),
      ])
    }
    return CanonicalValue.map(entries).encoded
  }

  fileprivate static let microdegrees = 1_000_000.0

  private static func dated(
    _ entries: [String: CanonicalValue], _ period: DayPeriod
  ) -> CanonicalValue {
    var entries = entries
    entries["from"] = period.from.map { .text($0.description) }
    entries["to"] = period.to.map { .text($0.description) }
    return .map(entries)
  }
}

extension Topology.Region {
  /// Reads the body of a region's event; `nil` where a part that it needs is missing or ill-formed.
  package init?(canonical body: CanonicalValue) {
    guard let id = body["id"]?.text.flatMap({ RegionID($0) }),
      let number = body["no"]?.integer.flatMap({ Int(exactly: $0) }),
      (1...9_999).contains(number),
      let tier = body["tier"]?.integer.flatMap({ UInt8(exactly: $0) }).flatMap(
        Tier.init(rawValue:))
    else { return nil }
    let names = (body["names"]?.array ?? []).compactMap { value in
      value["name"]?.text.map { Topology.Name($0, during: Self.period(value)) }
    }
    let codes = (body["codes"]?.array ?? []).compactMap { value -> Topology.DivisionCode? in
      guard let system = value["system"]?.text, let code = value["code"]?.text else { return nil }
      return Topology.DivisionCode(system: system, code: code, during: Self.period(value))
    }
    let departments = (body["departments"]?.array ?? []).compactMap { value in
      value["key"]?.text.flatMap { key in
        value["name"]?.text.map { Topology.Department(key: key, name: $0) }
      }
    }
    self.init(
      id: id, number: number, tier: tier, names: names, codes: codes,
      parent: body["parent"]?.text.flatMap { RegionID($0) },
      managedBy: body["managed_by"]?.text.flatMap { RegionID($0) },
      address: body["address"]?.text, location: Self.location(body["location"]),
      departments: departments)
  }

  private static func period(_ value: CanonicalValue) -> DayPeriod {
    DayPeriod(
      from: value["from"]?.text.flatMap { CalendarDay($0) },
      to: value["to"]?.text.flatMap { CalendarDay($0) }) ?? .always
  }

  private static func location(_ value: CanonicalValue?) -> Topology.Location? {
    guard let latitude = value?["latitude"]?.integer, let longitude = value?["longitude"]?.integer
    else { return nil }
    return Topology.Location(
      latitude: Double(latitude) / RegionDirectory.microdegrees,
      longitude: Double(longitude) / RegionDirectory.microdegrees)
  }
}
