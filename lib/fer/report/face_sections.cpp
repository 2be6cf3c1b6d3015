#include <span>
#include <vector>

#include "fer/core/text.h"
#include "fer/report/class_palette.h"
#include "fer/report/evaluation_sections.h"
#include "fer/report/heat_overlay.h"
#include "fer/report/png_bytes.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;

constexpr std::string_view kLeftOut = "Faces are left out of this report.";

// The kind of list that a face is in. In the lists of its own class its true class need not be
// named.
enum class FaceKind { mistake, hit, suspicious };

Markup picture(const std::string& png, const FaceFormat& format, const std::string& alt) {
  return html::void_element("img", {{"src", png_data_uri(png)},
                                    {"alt", alt},
                                    {"width", std::to_string(format.width)},
                                    {"height", std::to_string(format.height)}});
}

Markup pictures(const ShownFace& face, const LabelSet& labels) {
  const std::string& prediction = labels.name(face.prediction);
  const std::string where = face.source.empty() ? "Face" : "Face, " + face.source;
  const FaceFormat& format = face.pixels.format();
  Markup both = picture(face_png_bytes(face.pixels[0]), format,
                        where + ": " + labels.name(face.truth) + ", taken for " + prediction);
  if (!face.heat.empty()) {
    both += picture(rgb_png_bytes(heat_overlay(face.pixels[0], face.heat),
                                  static_cast<std::size_t>(format.width),
                                  static_cast<std::size_t>(format.height)),
                    format, "The same face; warm colours lie where it spoke for " + prediction);
  }
  return element("div", {{"class", "pictures"}}, both);
}

Markup caption(const ShownFace& face, const LabelSet& labels, FaceKind kind) {
  const Markup name = element("strong", labels.name(face.prediction));
  const Markup sure = html::text(" " + percent(face.probability, 1));
  Markup lines;
  if (kind == FaceKind::suspicious) {
    lines += element("p", html::text("labelled ") + element("strong", labels.name(face.truth)));
    lines += element("p", html::text("looks ") + name + sure);
  } else {
    lines += element("p", name + sure);
  }
  for (const std::string& detail : {face.source, face.remark}) {
    if (!detail.empty()) lines += element("p", {{"class", "detail"}}, detail);
  }
  return lines;
}

Markup face_list(std::span<const ShownFace> faces, const LabelSet& labels, FaceKind kind) {
  Markup items;
  for (const ShownFace& face : faces) {
    items +=
        element("li", pictures(face, labels) + caption(face, labels, kind)) + Markup::trusted("\n");
  }
  return element("ul", {{"class", "faces"}}, items);
}

Markup group(std::string_view heading, std::string_view nothing, std::span<const ShownFace> faces,
             const LabelSet& labels, FaceKind kind) {
  return element(
      "div", {{"class", "group"}},
      element("h4", heading) + (faces.empty() ? element("p", {{"class", "detail"}}, nothing)
                                              : face_list(faces, labels, kind)));
}

bool any_face(const std::vector<ClassFaces>& classes) {
  for (const ClassFaces& faces : classes) {
    if (!faces.mistakes.empty() || !faces.unsure_hits.empty()) return true;
  }
  return false;
}

bool any_heat(const std::vector<ClassFaces>& classes) {
  for (const ClassFaces& faces : classes) {
    for (const auto* list : {&faces.mistakes, &faces.unsure_hits}) {
      for (const ShownFace& face : *list) {
        if (!face.heat.empty()) return true;
      }
    }
  }
  return false;
}

Markup class_faces(const ClassFaces& faces, const LabelSet& labels, std::size_t c,
                   svg::Paint paint) {
  const Markup heading = element("h3", swatch(paint) + html::text(" " + labels.name(c)));
  const Markup groups =
      group("Most confident mistakes", "No mistake.", faces.mistakes, labels, FaceKind::mistake) +
      group("Least confident hits", "No hit.", faces.unsure_hits, labels, FaceKind::hit);
  return element("div", {{"class", "class-faces"}},
                 heading + element("div", {{"class", "groups"}}, groups)) +
         Markup::trusted("\n");
}

}  // namespace

PageSection faces_section(const EvaluationPage& page) {
  PageSection section{"faces", "Where it errs, and where it wavers", {}};
  if (page.no_images) {
    section.content = paragraph(kLeftOut);
    return section;
  }
  if (!any_face(page.faces)) return section;
  std::string how =
      "By what each face is labelled; below it what it was taken for, and how sure "
      "the model was.";
  if (any_heat(page.faces)) {
    how +=
        " Beside it a heat map: the warmer, the more that place spoke for the prediction. Warmth "
        "off the face means that the model looks at the wrong thing.";
  }
  section.content = paragraph(how);
  const std::vector<svg::Paint> paints = class_paints(page.labels);
  for (std::size_t c = 0; c < page.faces.size(); ++c) {
    const ClassFaces& faces = page.faces[c];
    if (faces.mistakes.empty() && faces.unsure_hits.empty()) continue;
    section.content += class_faces(faces, page.labels, c, paints[c]);
  }
  return section;
}

PageSection suspicious_section(const EvaluationPage& page) {
  PageSection section{"labels", "Labels that are probably wrong", {}};
  if (page.suspicious.empty()) return section;
  if (page.no_images) {
    section.content =
        paragraph(counted(static_cast<std::int64_t>(page.suspicious.size()), "label") +
                  " looked wrong. " + std::string(kLeftOut));
    return section;
  }
  section.content =
      paragraph(
          "The model firmly disagrees with these labels. Some are wrong; where they are, an "
          "accuracy of 100 % would be a mistake. Where it was trained on them it may have learned "
          "wrong labels, too.") +
      face_list(page.suspicious, page.labels, FaceKind::suspicious);
  return section;
}

}  // namespace fer::report
