/// What `backup create` takes: an absolute path, since the node has its own working folder.
package struct PathArguments: Codable, Hashable, Sendable {
  package var path: String

  package init(path: String) { self.path = path }
}

/// The arguments of commands that take none.
package struct NoArguments: Codable, Hashable, Sendable {
  package init() {}
}
