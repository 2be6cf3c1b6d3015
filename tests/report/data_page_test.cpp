#include "fer/report/data_page.h"

#include <string>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "report/xml_elements.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;

DataFace face(std::size_t label, const std::string& where) {
  DataFace face;
  FacePixels pixels;
  for (std::size_t i = 0; i < kFacePixels; ++i) {
    pixels[i] = static_cast<std::uint8_t>(40 * label + i % 90);
  }
  face.pixels.append(pixels);
  face.label = label;
  face.where = where;
  return face;
}

// Three classes, one of them with an untrusted name; one of everything.
DataPage full_page() {
  DataPage page;
  page.source = "faces <of> others.csv";
  page.fingerprint = "0123456789abcdef";
  page.date = "2026-11-23";
  page.version = "fer-data 0.0";
  page.labels = LabelSet({"angry", "happy", "<script>x"});
  page.splits = {{"train", {30, 60, 0}}, {"val", {5, 5, 10}}};
  page.notices = {{Severity::serious, "2 images of val or test are in train, too."}};
  page.mean_faces = {face(0, "").pixels, face(1, "").pixels, {}};
  page.duplicate_images = 6;
  page.leaked_images = 2;
  page.contradicting_images = 3;
  page.blank_images = 1;
  EqualFaces equal;
  equal.faces = {face(0, "image 3, train"), face(1, "image 8, val")};
  equal.count = 6;
  equal.crosses_splits = equal.labels_differ = true;
  page.duplicates = {equal};
  page.blank = {face(2, "image 99, train")};
  ShownDoubts doubts;
  doubts.folds = 3;
  doubts.accuracy = 0.615;
  doubts.doubted = 11;
  doubts.surely_doubted = 4;
  doubts.joint = {20, 4, 0, 7, 50, 0, 0, 0, 9};
  doubts.labels = {{face(0, "image 17, train"), 1, 0.021, 0.955}};
  page.doubts = doubts;
  ShownWithoutFace shown;
  shown.detector = "centerface";
  shown.looked_at = "all 110";
  shown.count = 1;
  shown.faces = {face(1, "image 5, train")};
  page.without_face = shown;
  return page;
}

std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_CASE("A data report shows counts, mean faces, copies, doubts and images without faces",
          "[report][unit]") {
  const std::string page = data_page_html(full_page());
  CHECK_THAT(page, ContainsSubstring("Data report: faces &lt;of&gt; others.csv"));
  CHECK_THAT(page, !ContainsSubstring("<script>"));
  CHECK_THAT(page, ContainsSubstring("33.3\u00a0%"));  // 30 of train's 90
  CHECK_THAT(page, ContainsSubstring("Mean face of happy"));
  CHECK_THAT(page, !ContainsSubstring("Mean face of &lt;script"));
  CHECK_THAT(page, ContainsSubstring("image 3, train; image 8, val; 4 more"));
  CHECK_THAT(page, ContainsSubstring("in several splits"));
  CHECK_THAT(page, ContainsSubstring("61.5\u00a0%"));
  CHECK_THAT(page, ContainsSubstring("95.5\u00a0%"));
  CHECK_THAT(page, ContainsSubstring("of 11 images, of 4 with"));
  CHECK_THAT(page, ContainsSubstring("1 image of all 110, centerface finds no face"));
  CHECK_THAT(page, ContainsSubstring("The first 1 of 11."));
  // Two mean faces, the copies' first, a doubted one, one without a face and a blank one.
  CHECK(times(page, "<img ") == 6);
  CHECK(test::xml_elements(std::string_view(page).substr(16)).size() > 50);
}

TEST_CASE("Without images a data report tells the same and shows nobody", "[report][unit]") {
  DataPage private_page = full_page();
  private_page.no_images = true;
  const std::string page = data_page_html(private_page);
  CHECK(times(page, "<img ") == 0);
  CHECK_THAT(page, ContainsSubstring("Faces are left out of this report."));
  CHECK_THAT(page, ContainsSubstring("11 images"));
}

TEST_CASE("What was not looked for leaves no trace on a data report", "[report][unit]") {
  DataPage page = full_page();
  page.doubts.reset();
  page.without_face.reset();
  page.duplicate_images = page.blank_images = 0;
  const std::string html = data_page_html(page);
  for (const char* id : {"id=\"labels\"", "id=\"faceless\"", "id=\"duplicates\"", "id=\"blank\""}) {
    CHECK_THAT(html, !ContainsSubstring(id));
  }
}

TEST_CASE("A data report refuses counts of other classes than its labels", "[report][unit]") {
  DataPage page = full_page();
  page.splits[1].per_class.pop_back();
  CHECK_THROWS_AS(data_page_html(page), Error);
  page = full_page();
  page.doubts->joint.pop_back();
  CHECK_THROWS_AS(data_page_html(page), Error);
}

TEST_CASE("A data report behaves in a browser", "[report][integration]") {
  FER_NEED_PYTHON();
  const test::TemporaryFolder folder;
  const auto page = write_data_report(folder / "report", full_page());
  const std::string script = std::string(FER_SOURCE_DIR) + "/tests/report/page_in_browser.py";
  const test::ProgramEnd end = test::run_program({test::python_program(), script, page.string()});
  if (end.output.starts_with("skipped:")) FER_SKIP(end.output);
  INFO(end.output);
  REQUIRE(end.status == 0);
}

}  // namespace
}  // namespace fer::report
