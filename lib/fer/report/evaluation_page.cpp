#include "fer/report/evaluation_page.h"

#include <algorithm>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/evaluation_figures.h"
#include "fer/report/evaluation_sections.h"
#include "fer/report/page_document.h"
#include "fer/report/report_figure.h"
#include "fer/report/report_folder.h"

namespace fer::report {

namespace {

using html::Markup;

constexpr const char* kFigures = "figures";

void check_faces(const std::vector<ShownFace>& faces, std::size_t classes) {
  for (const ShownFace& face : faces) {
    if (face.truth >= classes || face.prediction >= classes) {
      throw Error("evaluation report: a face of class " +
                  std::to_string(std::max(face.truth, face.prediction)) + "; there are " +
                  std::to_string(classes));
    }
    const FaceFormat& format = face.pixels.format();
    const auto pixels = static_cast<std::size_t>(format.width * format.height);
    if (!face.heat.empty() && face.heat.size() != pixels) {
      throw Error("evaluation report: a heat map of " + std::to_string(face.heat.size()) +
                  " values; a face has " + std::to_string(pixels) + " pixels");
    }
  }
}

void check_classes(const std::string& what, std::size_t number, std::size_t classes) {
  if (number == classes) return;
  throw Error("evaluation report: " + what + " of " + std::to_string(number) + " classes; " +
              std::to_string(classes) + " have labels");
}

void check(const EvaluationPage& page) {
  const std::size_t classes = page.labels.size();
  check_classes("a confusion matrix", page.report.confusion.classes(), classes);
  check_classes("scores", page.report.per_class.size(), classes);
  if (!page.precision_recall.empty()) {
    check_classes("precision-recall curves", page.precision_recall.size(), classes);
  }
  if (!page.faces.empty()) check_classes("faces", page.faces.size(), classes);
  if (page.report.n < 1 || page.report.n != page.report.confusion.total()) {
    throw Error("evaluation report: " + std::to_string(page.report.n) + " faces, " +
                std::to_string(page.report.confusion.total()) + " in the confusion matrix");
  }
  if (const auto& seen = page.trust.seen;
      seen && (seen->seen < 0 || seen->seen + seen->unseen.n != page.report.n)) {
    throw Error("evaluation report: " + std::to_string(seen->seen) + " faces seen and " +
                std::to_string(seen->unseen.n) + " unseen are not " +
                std::to_string(page.report.n));
  }
  for (const ClassFaces& faces : page.faces) {
    check_faces(faces.mistakes, classes);
    check_faces(faces.unsure_hits, classes);
  }
  check_faces(page.suspicious, classes);
}

// Adds the sections of figures that no other section shows, before the cards.
void add_figure_sections(const FigureShelf& figures, std::vector<PageSection>& sections) {
  for (const ReportFigure& figure : figures.all()) {
    const bool placed = std::any_of(sections.begin(), sections.end(),
                                    [&](const auto& other) { return other.id == figure.name; });
    if (!placed && !figure.heading.empty()) sections.push_back(figures.section(figure.name));
  }
}

std::vector<PageSection> sections(const EvaluationPage& page, const FigureShelf& figures) {
  std::vector<PageSection> all = {trust_section(page),
                                  measured_section(page),
                                  classes_section(page, figures),
                                  confusion_section(page, figures),
                                  faces_section(page),
                                  suspicious_section(page),
                                  calibration_section(page, figures),
                                  figures.section("precision-recall"),
                                  robustness_section(page, figures),
                                  votes_section(page, figures),
                                  models_section(page, figures)};
  add_figure_sections(figures, all);
  all.push_back(model_card_section(page));
  all.push_back(data_card_section(page));
  return all;
}

Markup footer(const EvaluationPage& page, bool links) {
  std::string text =
      "Intervals are 95 % intervals: Wilson's of shares, bootstrapped of differences.";
  if (links) text += " Every figure and its numbers lie beside this page.";
  text += " This page loads nothing from anywhere.";
  Markup lines = paragraph(text);
  std::string made = page.measured.version;
  if (!page.measured.date.empty()) made += (made.empty() ? "" : ", ") + page.measured.date;
  if (!made.empty()) lines += paragraph(made);
  return lines;
}

std::string document(const EvaluationPage& page, const std::vector<ReportFigure>& figures,
                     const std::string& folder) {
  const FigureShelf shelf(figures, folder);
  return page_document({.title = page_title(page),
                        .generator = page.measured.version,
                        .header = headline(page, shelf),
                        .sections = sections(page, shelf),
                        .footer = footer(page, !folder.empty())});
}

}  // namespace

std::string evaluation_page_html(const EvaluationPage& page, const std::string& figures) {
  check(page);
  return document(page, evaluation_figures(page), figures);
}

std::filesystem::path write_evaluation_report(const std::filesystem::path& folder,
                                              const EvaluationPage& page) {
  check(page);
  const std::vector<ReportFigure> figures = evaluation_figures(page);
  const std::string html = document(page, figures, kFigures);
  return replace_report(folder, html,
                        [&](const std::filesystem::path& there) { write_figures(there, figures); });
}

}  // namespace fer::report
