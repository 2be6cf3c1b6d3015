// The report of a data set, with its content and possible mistakes, as one self-contained HTML
// page.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "fer/core/face.h"
#include "fer/core/label_set.h"
#include "fer/report/evaluation_page.h"

namespace fer::report {

struct SplitColumn {
  std::string name;                     // "train"
  std::vector<std::int64_t> per_class;  // [C]
};

// An image of the set. `where`: its place, "row 12, train".
struct DataFace {
  Faces pixels = {};  // one, grey or rgb
  std::size_t label = 0;
  std::string where = {};
};

// Images that are equal pixel for pixel.
struct EqualFaces {
  std::vector<DataFace> faces = {};  // some of them; the first is shown
  std::int64_t count = 0;            // of the whole group
  bool crosses_splits = false;
  bool labels_differ = false;
};

struct DoubtedLabel {
  DataFace face;
  std::size_t suggested = 0;
  double probability_of_label = 0.0;
  double probability_of_suggested = 0.0;
};

inline constexpr double kSurelyDoubted = 0.9;

// The doubts of networks that were trained without the image.
struct ShownDoubts {
  std::int64_t folds = 0;
  double accuracy = 0.0;                  // of these networks
  std::int64_t doubted = 0;               // images
  std::int64_t surely_doubted = 0;        // of these, with a probability of at least kSurelyDoubted
  std::vector<std::int64_t> joint = {};   // [C*C] as ConfidentLearning::joint
  std::vector<DoubtedLabel> labels = {};  // some, the most certain first
};

// The images in which a detector found no face, of those that were searched.
struct ShownWithoutFace {
  std::string detector = {};
  std::string looked_at =
      {};  // the searched images, as the end of a sentence: "the 2,000 images that ..."
  std::int64_t count = 0;
  std::vector<DataFace> faces = {};  // some
};

struct DataPage {
  std::string source = {};
  std::string fingerprint = {};
  std::string date = {};
  std::string version = {};
  LabelSet labels = {};
  std::vector<SplitColumn> splits = {};
  std::vector<Notice> notices = {};
  std::vector<Faces> mean_faces = {};  // [C], one face each; empty for a class without images
  std::int64_t duplicate_images = 0;
  std::int64_t leaked_images = 0;
  std::int64_t contradicting_images = 0;
  std::int64_t blank_images = 0;
  std::int64_t duplicate_groups = 0;
  // some; first those across splits or with contradicting labels
  std::vector<EqualFaces> duplicates = {};
  std::vector<DataFace> blank = {};  // some
  std::optional<ShownDoubts> doubts = {};
  std::optional<ShownWithoutFace> without_face = {};
  std::vector<Fact> card = {};  // further lines of the data card
  bool no_images = false;       // leaves all faces out, also mean faces, with a note
};

// As evaluation_page_html: the page loads nothing, and all text may be untrusted. @throws
// fer::Error if sizes disagree with the labels.
std::string data_page_html(const DataPage& page);

// Writes FOLDER/index.html and returns its path. @throws fer::Error as data_page_html(), and if it
// cannot be written.
std::filesystem::path write_data_report(const std::filesystem::path& folder, const DataPage& page);

}  // namespace fer::report
