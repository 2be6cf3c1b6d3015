#include "fer/report/evaluation_page.h"

#include <algorithm>
#include <limits>
#include <set>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/svg_png.h"
#include "report/example_page.h"
#include "report/xml_elements.h"
#include "support/catch.h"
#include "support/python.h"
#include "support/temporary_folder.h"

namespace fer::report {
namespace {

using Catch::Matchers::ContainsSubstring;
using test::DrawnSamples;
using test::full_page;
using test::holds;
using test::small_page;
using test::TemporaryFolder;
using test::XmlElement;

std::vector<XmlElement> elements_of(const std::string& page) {
  REQUIRE(page.starts_with("<!DOCTYPE html>\n"));
  return test::xml_elements(std::string_view(page).substr(16));
}

std::size_t count_of(const std::vector<XmlElement>& elements, const std::string& name) {
  return static_cast<std::size_t>(
      std::count_if(elements.begin(), elements.end(),
                    [&](const XmlElement& element) { return element.name == name; }));
}

std::vector<std::string> texts_of(const std::string& page, const std::string& name) {
  std::vector<std::string> texts;
  for (const XmlElement& element : elements_of(page)) {
    if (element.name == name) texts.push_back(element.text);
  }
  return texts;
}

std::string written(const TemporaryFolder& folder, const EvaluationPage& page) {
  return read_file(write_evaluation_report(folder / "report", page), 64U << 20);
}

// Reads the page with an independent XML parser and checks what can be checked without a browser.
void check_sound(const TemporaryFolder& folder) {
  const std::string script = std::string(FER_SOURCE_DIR) + "/tests/report/page_is_sound.py";
  const test::ProgramEnd end =
      test::run_program({test::python_program(), script, (folder / "report/index.html").string()});
  INFO(end.output);
  REQUIRE(end.status == 0);
}

TEST_CASE("a page with nothing optional has no trace of what is missing", "[report][unit]") {
  const std::string page = evaluation_page_html(small_page(DrawnSamples(20, 3, 1)));
  CHECK(texts_of(page, "h2") == std::vector<std::string>{"On this page", "How far to trust this",
                                                         "What was measured", "Class by class",
                                                         "What is taken for what", "Calibration"});
  CHECK(count_of(elements_of(page), "img") == 0);
  CHECK(count_of(elements_of(page), "figure") == 4);
}

TEST_CASE("a page with everything shows every part", "[report][unit]") {
  const EvaluationPage full = full_page(DrawnSamples(60, 3, 1));
  const std::string page = evaluation_page_html(full);
  const auto headings = texts_of(page, "h2");
  for (const char* heading :
       {"Where it errs, and where it wavers", "Labels that are probably wrong",
        "Precision and recall", "Robustness", "Against the voters", "Models side by side",
        "How it was trained", "Model card", "Data card"}) {
    INFO(heading);
    CHECK(holds(headings, heading));
  }
  // That of the accuracy is part of the headline.
  CHECK(count_of(elements_of(page), "figure") == evaluation_figures(full).size() - 1);
  CHECK(count_of(elements_of(page), "img") == 3 * 2 * 2 + 1);  // a heat map beside all but one face
}

TEST_CASE("the headline is the accuracy with its interval", "[report][unit]") {
  EvaluationPage page = small_page(DrawnSamples(20, 2, 1));
  page.report.accuracy = 0.6625;
  page.report.accuracy_ci95 = {0.645, 0.6789};
  page.measured.model = "seed-cnn";
  page.measured.data = "FER2013";
  page.measured.split = "PrivateTest";
  const std::string html = evaluation_page_html(page);
  CHECK(texts_of(html, "h1") == std::vector<std::string>{"seed-cnn on FER2013, PrivateTest"});
  CHECK_THAT(html, ContainsSubstring("<p class=\"big\">66.25<span class=\"unit\">\u00A0%</span>"));
  CHECK_THAT(html, ContainsSubstring("95\u00A0% interval 64.50\u00A0% to 67.89\u00A0%, 20 faces"));
  page.title = "Of its own";
  CHECK(texts_of(evaluation_page_html(page), "title").front() == "Of its own");
}

TEST_CASE("pages say what is known of images that were trained on", "[report][unit]") {
  EvaluationPage page = small_page(DrawnSamples(20, 2, 1));
  CHECK_THAT(evaluation_page_html(page), ContainsSubstring("is not known: its file"));
  page.trust.seen = SeenImages{0, {20, 10}};
  CHECK_THAT(evaluation_page_html(page),
             ContainsSubstring("None of these 20 images is, pixel for pixel"));
  page.trust.seen = SeenImages{20, {0, 0}};
  CHECK_THAT(evaluation_page_html(page), ContainsSubstring("trained on every one of these images"));
  page.trust.seen = SeenImages{4, {16, 12}};
  const std::string some = evaluation_page_html(page);
  CHECK_THAT(some, ContainsSubstring("4 of the 20 images (20.0\u00A0%) were in the training data"));
  CHECK_THAT(some, ContainsSubstring("Without them accuracy is 75.00\u00A0% (95\u00A0% interval"));
  CHECK(holds(texts_of(some, "dt"), "accuracy, unseen"));
  page.trust.seen = SeenImages{4, {15, 12}};
  CHECK_THROWS_AS(evaluation_page_html(page), Error);
}

TEST_CASE("pages warn of a split that something was chosen on", "[report][unit]") {
  EvaluationPage page = small_page(DrawnSamples(20, 2, 1));
  page.trust.chosen = ChosenOnSplit::yes;
  CHECK_THAT(evaluation_page_html(page),
             ContainsSubstring("Images of this split were used for selection"));
  page.trust.chosen = ChosenOnSplit::no;
  CHECK_THAT(evaluation_page_html(page),
             ContainsSubstring("None of these images is one by whose scores"));
}

TEST_CASE("a temperature that was fitted on what is reported is warned of", "[report][unit]") {
  EvaluationPage page = full_page(DrawnSamples(20, 2, 1));
  page.measured.split = "PrivateTest";
  page.scaled->fitted_on = "PublicTest";
  CHECK(evaluation_page_html(page).find("the very faces") == std::string::npos);
  page.scaled->fitted_on = "PrivateTest";
  CHECK_THAT(evaluation_page_html(page), ContainsSubstring("fitted on the very faces"));
}

TEST_CASE("untrusted text stays text wherever it is shown", "[report][unit]") {
  constexpr char kEvil[] = "\"'><script>alert(1)</script><!-- & \0 \x1b \xff\xfe javascript: ]]>";
  const std::string evil(kEvil, sizeof(kEvil) - 1);
  EvaluationPage page = full_page(DrawnSamples(30, 3, 1), evil);
  page.title = evil;
  page.labels = LabelSet({"<script>alert(2)</script>", "a\"b' onerror=\"x", "=1 & <b>"});
  const TemporaryFolder folder;
  const std::string html = written(folder, page);
  const auto elements = elements_of(html);
  CHECK(count_of(elements, "script") == 0);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find('\0') == std::string::npos);
  CHECK(html.find('\xff') == std::string::npos);
  for (const XmlElement& element : elements) {
    CHECK(element.attributes.find("onerror=\"") == std::string::npos);
  }
  FER_NEED_PYTHON();
  check_sound(folder);
}

TEST_CASE("a report has the files of every figure it links to", "[report][unit]") {
  const TemporaryFolder folder;
  const EvaluationPage page = full_page(DrawnSamples(60, 3, 1));
  const std::string html = written(folder, page);
  const std::vector<ReportFigure> figures = evaluation_figures(page);
  std::set<std::string> names;
  for (const ReportFigure& figure : figures) {
    INFO(figure.name);
    names.insert(figure.name);
    const std::string stem = (folder / "report/figures" / figure.name).string();
    CHECK(read_file(stem + ".svg", 1U << 22) == figure.svg);
    CHECK(read_file(stem + ".csv", 1U << 22) == figure.csv);
    CHECK(std::filesystem::exists(stem + ".png") == can_render_svg());
    if (figure.name == "accuracy") continue;  // part of the headline
    CHECK_THAT(html, ContainsSubstring("href=\"figures/" + figure.name + ".svg\""));
    CHECK_THAT(html, ContainsSubstring("href=\"figures/" + figure.name + ".csv\""));
  }
  CHECK(names.size() == figures.size());
}

TEST_CASE("a page that is to stand alone links to no files", "[report][unit]") {
  for (const XmlElement& element :
       elements_of(evaluation_page_html(full_page(DrawnSamples(60, 3, 1))))) {
    if (element.name == "a") CHECK_THAT(element.attributes, ContainsSubstring("href=\"#"));
  }
}

TEST_CASE("a page without faces says so and holds no picture", "[report][unit]") {
  EvaluationPage page = full_page(DrawnSamples(60, 3, 1), "my-name.jpg");
  page.measured = {};
  page.no_images = true;
  const std::string html = evaluation_page_html(page);
  CHECK(count_of(elements_of(html), "img") == 0);
  CHECK(html.find("data:image") == std::string::npos);
  const auto paragraphs = texts_of(html, "p");
  CHECK(holds(paragraphs, "Faces are left out of this report."));
  CHECK(holds(paragraphs, "1 label looked wrong. Faces are left out of this report."));
  page.faces.clear();
  page.suspicious.clear();
  CHECK(holds(texts_of(evaluation_page_html(page), "p"), "Faces are left out of this report."));
}

TEST_CASE("what does not fit together is refused", "[report][unit]") {
  const EvaluationPage good = full_page(DrawnSamples(30, 3, 1));
  const auto refused = [](EvaluationPage page) {
    CHECK_THROWS_AS(evaluation_page_html(page), Error);
    const TemporaryFolder folder;
    CHECK_THROWS_AS(write_evaluation_report(folder / "report", page), Error);
    CHECK(folder.entries() == 0);
  };
  EvaluationPage page = good;
  page.labels = LabelSet::fer2013();
  refused(page);
  page = good;
  page.precision_recall.pop_back();
  refused(page);
  page = good;
  page.faces.pop_back();
  refused(page);
  page = good;
  page.faces[1].mistakes[0].heat.pop_back();
  refused(page);
  page = good;
  page.suspicious[0].prediction = 3;
  refused(page);
  page = good;
  page.report.n = 0;
  refused(page);
  refused(EvaluationPage{});
  page = good;
  page.robustness->errors[0].errors[0] = std::numeric_limits<double>::quiet_NaN();
  refused(page);
}

TEST_CASE("pages of all sizes are sound", "[report][integration]") {
  FER_NEED_PYTHON();
  struct Case {
    std::size_t samples;
    std::size_t classes;
  };
  const auto [samples, classes] =
      GENERATE(Case{1, 2}, Case{2, 2}, Case{5, 7}, Case{90, 30}, Case{100, 70});
  CAPTURE(samples, classes);
  const TemporaryFolder folder;
  const DrawnSamples drawn(samples, classes, 5);
  (void)written(folder, small_page(drawn));
  check_sound(folder);
  (void)written(folder, full_page(drawn));
  check_sound(folder);
  EvaluationPage without = full_page(drawn);
  without.no_images = true;
  (void)written(folder, without);
  check_sound(folder);
}

TEST_CASE("a model that is always right, or always wrong, has its page", "[report][integration]") {
  FER_NEED_PYTHON();
  const bool right = GENERATE(true, false);
  DrawnSamples drawn(12, 3, 1);
  for (std::size_t i = 0; i < drawn.probabilities.size(); ++i) {
    const bool is_truth = static_cast<std::int64_t>(i % 3) == drawn.truths[i / 3];
    drawn.probabilities[i] = is_truth == right ? (right ? 1.0F : 0.5F) : 0.0F;
  }
  const TemporaryFolder folder;
  const std::string html = written(folder, full_page(drawn));
  CHECK((html.find("The model made no mistake.") != std::string::npos) == right);
  check_sound(folder);
}

TEST_CASE("pages behave in a browser", "[report][integration]") {
  FER_NEED_PYTHON();
  const TemporaryFolder folder;
  const auto small = write_evaluation_report(folder / "small", small_page(DrawnSamples(1, 2, 1)));
  const auto full = write_evaluation_report(folder / "full", full_page(DrawnSamples(400, 7, 1)));
  const std::string script = std::string(FER_SOURCE_DIR) + "/tests/report/page_in_browser.py";
  const test::ProgramEnd end =
      test::run_program({test::python_program(), script, small.string(), full.string()});
  if (end.output.starts_with("skipped:")) FER_SKIP(end.output);
  INFO(end.output);
  REQUIRE(end.status == 0);
}

}  // namespace
}  // namespace fer::report
