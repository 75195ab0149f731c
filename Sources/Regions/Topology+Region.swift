extension Topology {
  /// One region as the deployment's document describes it. Its id, number and tier never change;
  /// names and codes are dated.
  package struct Region: Hashable, Sendable {
    /// The permanent id.
    package let id: RegionID
    /// The permanent number, 1 to 9999, never given twice: it begins the telephone number of each
    /// lead that the region takes in.
    package let number: Int
    /// The fixed tier.
    package let tier: Tier
    /// The names. Of those valid on a day the first is shown; all of them are found.
    package let names: [Name]
    /// The codes of the statistics bureau, the civil affairs ministry and others.
    package let codes: [DivisionCode]
    /// The administrative parent (行政上级), by which statistics add up; `nil` only at the hub.
    package let parent: RegionID?
    /// The block that manages the region in its parent's place (托管功能板块).
    package let managedBy: RegionID?
    /// `host:port` at which the region's node listens for its children.
    package let address: String?
    /// Where the region's office is.
    package let location: Location?
    /// The departments (部门) of the region's office.
    package let departments: [Department]

    /// A region as given; ``Topology`` checks that its parents form a tree.
    package init(
      id: RegionID, number: Int, tier: Tier, names: [Name], codes: [DivisionCode],
      parent: RegionID?, managedBy: RegionID?, address: String?, location: Location?,
      departments: [Department]
    ) {
      self.id = id
      self.number = number
      self.tier = tier
      self.names = names
      self.codes = codes
      self.parent = parent
      self.managedBy = managedBy
      self.address = address
      self.location = location
      self.departments = departments
    }

    /// The region above on the network: the managing block where there is one, else the
    /// administrative parent.
    package var linkParent: RegionID? { managedBy ?? parent }
  }

  /// A name and the days on which it holds.
  package struct Name: Hashable, Sendable {
    /// The name as people write it.
    package let text: String
    /// The days on which it holds.
    package let period: DayPeriod

    /// A name that holds on the days of a period.
    package init(_ text: String, during period: DayPeriod = .always) {
      self.text = text
      self.period = period
    }
  }

  /// A division code (区划代码): it means nothing without its system, because the systems give one
  /// code to different places.
  package struct DivisionCode: Hashable, Sendable {
    /// The code system's word, for example `nbs2023` (国家统计局) or `mca2025` (民政部).
    package let system: String
    /// The code within its system, with any leading zeros.
    package let code: String
    /// The days on which the code means this region.
    package let period: DayPeriod

    /// A code that holds on the days of a period.
    package init(system: String, code: String, during period: DayPeriod = .always) {
      self.system = system
      self.code = code
      self.period = period
    }
  }

  /// A place on the map, in degrees of the CGCS2000 datum (EPSG:4490).
  package struct Location: Hashable, Sendable {
    /// Degrees north, -90 to 90.
    package let latitude: Double
    /// Degrees east, -180 to 180.
    package let longitude: Double

    /// A place as given, in degrees.
    package init(latitude: Double, longitude: Double) {
      self.latitude = latitude
      self.longitude = longitude
    }
  }

  /// A unit inside a region: it has accounts, but no node of its own.
  package struct Department: Hashable, Sendable {
    /// The stable word that rules and routing use, for example `ecology`.
    package let key: String
    /// The name that people read, for example 生态环境.
    package let name: String

    /// A department as given.
    package init(key: String, name: String) {
      self.key = key
      self.name = name
    }
  }
}
