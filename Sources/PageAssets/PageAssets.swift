/// The style sheet and script of the HTML report, compiled into the program.
///
/// They are files of their own kind beside this one, so that editors know them; a module of their
/// own, because the compiler takes seconds over them and needs to only when they change.
public enum PageAssets {
  /// The style sheet, UTF-8.
  public static var style: [UInt8] { PackageResources.report_css }

  /// The script, UTF-8: files in which the later ones use the names of the earlier.
  public static var script: [UInt8] {
    PackageResources.series_js + PackageResources.paint_js + PackageResources.panes_js
      + PackageResources.stage_js + PackageResources.hands_js + PackageResources.page_js
  }
}
