#include "fer/report/data_page.h"

#include <algorithm>
#include <numeric>

#include "fer/core/error.h"
#include "fer/core/files.h"
#include "fer/core/option_spelling.h"
#include "fer/core/text.h"
#include "fer/report/class_palette.h"
#include "fer/report/page_document.h"
#include "fer/report/page_parts.h"
#include "fer/report/png_bytes.h"
#include "fer/report/report_folder.h"

namespace fer::report {

namespace {

using html::element;
using html::Markup;
using Row = std::vector<Markup>;

constexpr std::string_view kLeftOut = "Faces are left out of this report.";

void check(const DataPage& page) {
  const std::size_t classes = page.labels.size();
  const auto fits = [&](std::size_t size) { return size == classes; };
  bool all = page.mean_faces.empty() || fits(page.mean_faces.size());
  for (const SplitColumn& split : page.splits) all = all && fits(split.per_class.size());
  if (page.doubts) all = all && page.doubts->joint.size() == classes * classes;
  if (!all) {
    throw Error("data report: counts or faces do not fit its " +
                counted(static_cast<std::int64_t>(classes), "label"));
  }
}

std::int64_t total_of(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

std::int64_t images_of(const DataPage& page) {
  std::int64_t images = 0;
  for (const SplitColumn& split : page.splits) images += total_of(split.per_class);
  return images;
}

Markup tile(const std::string& name, const std::string& value, const std::string& meaning) {
  return element("div", element("dt", name) + element("dd", {{"class", "value"}}, value) +
                            element("dd", {{"class", "meaning"}}, meaning)) +
         Markup::trusted("\n");
}

Markup headline(const DataPage& page) {
  Markup tiles =
      tile("images", grouped(images_of(page)),
           "in " + std::to_string(page.labels.size()) + " classes") +
      tile("leaked", grouped(page.leaked_images), "val or test images that are in train, too") +
      tile("duplicates", grouped(page.duplicate_images), "images with an equal one somewhere") +
      tile("contradictions", grouped(page.contradicting_images),
           "images with an equal one of another label") +
      tile("blank", grouped(page.blank_images), "every pixel the same");
  if (page.doubts) {
    tiles += tile("labels in doubt", grouped(page.doubts->surely_doubted),
                  "networks are " + percent(kSurelyDoubted, 0) + " sure of another class");
  }
  return element("p", {{"class", "eyebrow"}}, "Data report") + element("h1", page.source) +
         element("dl", {{"class", "tiles"}}, tiles);
}

PageSection notices_section(const DataPage& page) {
  return {"findings", "At a glance", notice_list(page.notices)};
}

PageSection counts_section(const DataPage& page) {
  std::vector<html::Column> columns{{"class", false}};
  for (const SplitColumn& split : page.splits) {
    columns.push_back({split.name});
    columns.push_back({"share"});
  }
  const std::vector<svg::Paint> paints = class_paints(page.labels);
  std::vector<Row> rows;
  for (std::size_t c = 0; c < page.labels.size(); ++c) {
    Row row{swatch(paints[c]) + html::text(" " + page.labels.name(c))};
    for (const SplitColumn& split : page.splits) {
      const auto all = static_cast<double>(std::max<std::int64_t>(total_of(split.per_class), 1));
      row.push_back(html::text(grouped(split.per_class[c])));
      row.push_back(html::text(percent(static_cast<double>(split.per_class[c]) / all, 1)));
    }
    rows.push_back(row);
  }
  Row sums{html::text("all")};
  for (const SplitColumn& split : page.splits) {
    sums.push_back(html::text(grouped(total_of(split.per_class))));
    sums.push_back({});
  }
  rows.push_back(sums);
  return {"counts", "Classes",
          paragraph("Whoever guesses the most frequent class is right as often as its share says; "
                    "an accuracy near it says nothing.") +
              html::table("Images of each class", columns, rows)};
}

Markup picture(const Faces& face, const std::string& alt) {
  return element("div", {{"class", "pictures"}},
                 html::void_element("img", {{"src", png_data_uri(face_png_bytes(face[0]))},
                                            {"alt", alt},
                                            {"width", std::to_string(face.format().width)},
                                            {"height", std::to_string(face.format().height)}}));
}

Markup listed(const Markup& items) { return element("ul", {{"class", "faces"}}, items); }

Markup face_item(const DataFace& face, const LabelSet& labels, const Markup& lines) {
  return element("li",
                 picture(face.pixels, "Face, " + face.where + ": " + labels.name(face.label)) +
                     lines + element("p", {{"class", "detail"}}, face.where)) +
         Markup::trusted("\n");
}

// The note below a list that was cut.
Markup how_many(std::size_t shown, std::int64_t all) {
  if (static_cast<std::int64_t>(shown) >= all) return {};
  return paragraph("The first " + std::to_string(shown) + " of " + grouped(all) + ".");
}

Markup named(const std::string& text) { return element("p", element("strong", text)); }

PageSection mean_faces_section(const DataPage& page) {
  PageSection section{"mean-faces", "The mean face of each class", {}};
  if (page.mean_faces.empty()) return section;
  if (page.no_images) {
    section.content = paragraph(kLeftOut);
    return section;
  }
  Markup items;
  for (std::size_t c = 0; c < page.mean_faces.size(); ++c) {
    if (page.mean_faces[c].empty()) continue;
    items += element("li", picture(page.mean_faces[c], "Mean face of " + page.labels.name(c)) +
                               named(page.labels.name(c)));
  }
  section.content =
      paragraph(
          "Pixel by pixel, over all splits. Eyes and mouth show where crops agree; a mean "
          "without a face says that they do not.") +
      listed(items);
  return section;
}

Markup equal_item(const EqualFaces& equal, const LabelSet& labels) {
  std::vector<std::string> names, places;
  for (const DataFace& face : equal.faces) {
    const std::string& name = labels.name(face.label);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    places.push_back(face.where);
  }
  const auto shown = static_cast<std::int64_t>(equal.faces.size());
  if (shown < equal.count) places.push_back(grouped(equal.count - shown) + " more");
  DataFace first = equal.faces.front();
  first.where = join(places, "; ");
  Markup lines = named(join(names, ", "));
  if (equal.crosses_splits) lines += element("p", "in several splits");
  return face_item(first, labels, lines);
}

PageSection duplicates_section(const DataPage& page) {
  PageSection section{"duplicates", "Equal images", {}};
  if (page.duplicate_images == 0) return section;
  section.content =
      paragraph(counted(page.duplicate_images, "image") + " of " + grouped(images_of(page)) +
                " have one that is equal pixel for pixel; " + counted(page.leaked_images, "image") +
                " of val or test are in train as well. " + flag_of("drop_duplicates") +
                " of fer-train leaves those out of training.");
  if (page.no_images) {
    section.content += paragraph(kLeftOut);
    return section;
  }
  Markup items;
  for (const EqualFaces& equal : page.duplicates) {
    if (!equal.faces.empty()) items += equal_item(equal, page.labels);
  }
  section.content += listed(items) + how_many(page.duplicates.size(), page.duplicate_groups);
  return section;
}

Markup joint_table(const DataPage& page) {
  constexpr std::size_t kMostClasses = 30;  // a larger table is unreadable
  if (page.labels.size() > kMostClasses) return {};
  std::vector<html::Column> columns{{"labelled", false}};
  for (const std::string& name : page.labels.names()) columns.push_back({name});
  std::vector<Row> rows;
  for (std::size_t i = 0; i < page.labels.size(); ++i) {
    Row row{html::text(page.labels.name(i))};
    for (std::size_t j = 0; j < page.labels.size(); ++j) {
      row.push_back(html::text(grouped(page.doubts->joint[i * page.labels.size() + j])));
    }
    rows.push_back(row);
  }
  return folded("What labels are confidently counted for",
                html::table("Images labelled so (rows) that are confidently of a class (columns)",
                            columns, rows));
}

PageSection doubts_section(const DataPage& page) {
  PageSection section{"labels", "Labels that are probably wrong", {}};
  if (!page.doubts) return section;
  const ShownDoubts& doubts = *page.doubts;
  section.content =
      paragraph(std::to_string(doubts.folds) +
                " small networks were each trained without a part of the images, and asked about "
                "that part; they are right on " +
                percent(doubts.accuracy, 1) +
                ". Where they are surer of another class than such networks usually are of its "
                "own images (confident learning, Northcutt et al. 2021) they doubt the label: of " +
                counted(doubts.doubted, "image") + ", of " + grouped(doubts.surely_doubted) +
                " with " + percent(kSurelyDoubted, 0) +
                " and more. Networks that err often doubt often; the first ones below are the "
                "surest, and worth a look.") +
      joint_table(page);
  if (page.no_images) {
    section.content += paragraph(kLeftOut);
    return section;
  }
  Markup items;
  for (const DoubtedLabel& label : doubts.labels) {
    items += face_item(
        label.face, page.labels,
        element("p", html::text("labelled ") +
                         element("strong", page.labels.name(label.face.label)) +
                         html::text(" " + percent(label.probability_of_label, 1))) +
            element("p", html::text("looks ") +
                             element("strong", page.labels.name(label.suggested)) +
                             html::text(" " + percent(label.probability_of_suggested, 1))));
  }
  section.content += listed(items) + how_many(doubts.labels.size(), doubts.doubted);
  return section;
}

Markup plain_faces(const std::vector<DataFace>& faces, const LabelSet& labels) {
  Markup items;
  for (const DataFace& face : faces) {
    items += face_item(face, labels, named(labels.name(face.label)));
  }
  return listed(items);
}

PageSection without_face_section(const DataPage& page) {
  PageSection section{"faceless", "Images without a face", {}};
  if (!page.without_face) return section;
  const ShownWithoutFace& shown = *page.without_face;
  section.content = paragraph("In " + counted(shown.count, "image") + " of " + shown.looked_at +
                              ", " + shown.detector +
                              " finds no face. Some have one that is turned away, covered or cut.");
  section.content += page.no_images ? paragraph(kLeftOut)
                                    : plain_faces(shown.faces, page.labels) +
                                          how_many(shown.faces.size(), shown.count);
  return section;
}

PageSection blank_section(const DataPage& page) {
  PageSection section{"blank", "Blank images", {}};
  if (page.blank_images == 0) return section;
  section.content = paragraph(counted(page.blank_images, "image") +
                              (page.blank_images == 1 ? " is" : " are") + " of one grey level.");
  if (page.no_images) return section;
  section.content +=
      plain_faces(page.blank, page.labels) + how_many(page.blank.size(), page.blank_images);
  return section;
}

PageSection card_section(const DataPage& page) {
  std::vector<Fact> facts = {{"data", page.source},
                             {"fingerprint", page.fingerprint},
                             {"images", grouped(images_of(page))},
                             {"classes", join(page.labels.names(), ", ")}};
  facts.insert(facts.end(), page.card.begin(), page.card.end());
  return {"data-card", "Data card", fact_list(facts)};
}

}  // namespace

std::string data_page_html(const DataPage& page) {
  check(page);
  std::string made = page.version;
  if (!page.date.empty()) made += (made.empty() ? "" : ", ") + page.date;
  return page_document(
      {.title = "Data report: " + page.source,
       .generator = page.version,
       .header = headline(page),
       .sections = {notices_section(page), counts_section(page), mean_faces_section(page),
                    doubts_section(page), duplicates_section(page), without_face_section(page),
                    blank_section(page), card_section(page)},
       .footer = paragraph("This page loads nothing from anywhere.") + paragraph(made)});
}

std::filesystem::path write_data_report(const std::filesystem::path& folder, const DataPage& page) {
  const std::string html = data_page_html(page);
  return replace_report(folder, html, nullptr);
}

}  // namespace fer::report
