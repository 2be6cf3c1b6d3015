#include "fer/report/evaluation_page.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/report/base64.h"
#include "fer/report/evaluation_sections.h"
#include "fer/report/page_style.h"
#include "fer/report/png.h"
#include "fer/report/sha256.h"

namespace fer {

namespace {

using html::element;
using html::Markup;
using html::void_element;

constexpr const char* kFigures = "figures";

void check_faces(const std::vector<ShownFace>& faces, std::size_t classes) {
  for (const ShownFace& face : faces) {
    if (face.truth >= classes || face.prediction >= classes) {
      throw Error("evaluation report: a face of class " +
                  std::to_string(std::max(face.truth, face.prediction)) + "; there are " +
                  std::to_string(classes));
    }
    if (!face.heat.empty() && face.heat.size() != kFacePixels) {
      throw Error("evaluation report: a heat map of " + std::to_string(face.heat.size()) +
                  " values; a face has " + std::to_string(kFacePixels) + " pixels");
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

// What browsers may do: use this one style sheet and the pictures in the page, nothing else.
std::string security_policy() {
  const auto hash = sha256(page_style());
  const std::string bytes(hash.begin(), hash.end());
  return "default-src 'none'; style-src 'sha256-" + base64(bytes) +
         "'; img-src data:; base-uri 'none'; form-action 'none'";
}

Markup head(const EvaluationPage& page) {
  Markup head = void_element("meta", {{"charset", "utf-8"}});
  for (const auto& [name, content] : std::vector<std::pair<std::string, std::string>>{
           {"viewport", "width=device-width, initial-scale=1"},
           {"color-scheme", "light dark"},
           {"referrer", "no-referrer"},
           {"generator", page.measured.version}}) {
    if (!content.empty()) head += void_element("meta", {{"name", name}, {"content", content}});
  }
  // An empty icon of its own keeps browsers from asking a server for one.
  return head +
         void_element("meta", {{"http-equiv", "Content-Security-Policy"},
                               {"content", security_policy()}}) +
         void_element("link", {{"rel", "icon"}, {"href", "data:,"}}) +
         element("title", page_title(page)) +
         element("style", Markup::trusted(page_style()));
}

std::vector<PageSection> sections(const EvaluationPage& page, const FigureShelf& figures) {
  std::vector<PageSection> sections = {trust_section(page),
                                       measured_section(page),
                                       classes_section(page, figures),
                                       confusion_section(page, figures),
                                       faces_section(page),
                                       suspicious_section(page),
                                       calibration_section(page, figures),
                                       precision_recall_section(page, figures),
                                       robustness_section(page, figures),
                                       votes_section(page, figures),
                                       models_section(page, figures),
                                       training_section(page, figures),
                                       model_card_section(page),
                                       data_card_section(page)};
  std::erase_if(sections, [](const PageSection& section) { return section.content.empty(); });
  return sections;
}

Markup contents(const std::vector<PageSection>& sections) {
  Markup items;
  for (const PageSection& section : sections) {
    items += element("li", element("a", {{"href", "#" + section.id}}, section.heading));
  }
  return element("nav", {{"aria-labelledby", "contents"}},
                 element("h2", {{"id", "contents"}}, "On this page") + element("ul", items));
}

Markup body_of(const PageSection& section) {
  const std::string heading_id = section.id + "-heading";
  return element("section", {{"id", section.id}, {"aria-labelledby", heading_id}},
                 element("h2", {{"id", heading_id}}, section.heading) + Markup::trusted("\n") +
                     section.content) +
         Markup::trusted("\n");
}

Markup footer(const EvaluationPage& page, bool links) {
  std::string text = "Intervals are 95 % intervals: Wilson's of shares, bootstrapped of differences.";
  if (links) text += " Every figure and its numbers lie beside this page.";
  text += " This page loads nothing from anywhere.";
  Markup lines = paragraph(text);
  std::string made = page.measured.version;
  if (!page.measured.date.empty()) made += (made.empty() ? "" : ", ") + page.measured.date;
  if (!made.empty()) lines += paragraph(made);
  return element("footer", lines);
}

Markup document(const EvaluationPage& page, const FigureShelf& figures, bool links) {
  const std::vector<PageSection> parts = sections(page, figures);
  Markup main;
  for (const PageSection& section : parts) main += body_of(section);
  const Markup sheet =
      element("header", headline(page, figures)) + Markup::trusted("\n") +
      element("div", {{"class", "body"}},
              contents(parts) + element("main", {{"id", "main"}, {"tabindex", "-1"}}, main)) +
      footer(page, links);
  const Markup body = element("a", {{"class", "skip"}, {"href", "#main"}}, "Skip to the content") +
                      element("div", {{"class", "sheet"}}, sheet);
  return Markup::trusted("<!DOCTYPE html>\n") +
         element("html", {{"lang", "en"}}, element("head", head(page)) + element("body", body)) +
         Markup::trusted("\n");
}

// Twice the size of the drawing, or as much as a PNG may have: a thousand classes make large figures.
double png_scale(const std::string& svg) {
  const auto [width, height] = svg::drawn_size(svg);
  constexpr double kMostPixels = 0.98 * static_cast<double>(kMaxPngPixels);
  constexpr double kMostSide = 32'000.0;
  return std::min({2.0, std::sqrt(kMostPixels / (width * height)),
                   kMostSide / std::max(width, height)});
}

}  // namespace

std::string evaluation_page_html(const EvaluationPage& page, const std::string& figures) {
  check(page);
  return document(page, FigureShelf(evaluation_figures(page), figures), !figures.empty()).str();
}

std::filesystem::path write_evaluation_report(const std::filesystem::path& folder,
                                              const EvaluationPage& page) {
  check(page);
  const std::vector<ReportFigure> figures = evaluation_figures(page);
  for (const ReportFigure& figure : figures) {
    const std::filesystem::path stem = folder / kFigures / figure.name;
    write_file(stem.string() + ".svg", figure.svg);
    write_file(stem.string() + ".csv", figure.csv);
    if (can_write_png()) write_svg_as_png(figure.svg, stem.string() + ".png", png_scale(figure.svg));
  }
  std::filesystem::path index = folder / "index.html";
  write_file(index, document(page, FigureShelf(figures, kFigures), true).str());
  return index;
}

}  // namespace fer
