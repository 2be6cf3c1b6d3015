// Finds the faces in pictures and classifies their expressions.
//
//   const fer::Predictor predictor;
//   for (const fer::Face& face : predictor.predict_file("photo.jpg")) {
//     use(face.box, face.label, face.probability);
//   }
//
// Link fer::fer, see docs/predict.md. No header of another library is needed. Models and detectors
// are found where find_package(fer) found the library; docs/cli.md has every place.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "fer/error.h"
#include "fer/image_view.h"
#include "fer/installed_folder.h"

namespace fer {

struct PredictorOptions {
  std::vector<std::string> models;  // files, run folders or released names; none: the released one;
                                    // several: the mean of their probabilities
  std::string tta = "none";         // none, flip, shifts, ten-crop
  // Numeric precision of classifier and detector. float32: the same classes on every processor
  // (numbers differ from the seventh digit on); bfloat16; int8: of models that have scales for it
  // (fer-model quantize), the detector staying in float32; auto: the fastest for each on this
  // processor.
  std::string precision = "float32";
  std::string detector = "auto";  // auto, yunet, centerface, haar, none (the picture is the face)
  // Also look for small faces in large pictures (docs/detection.md); slower; switch it off for
  // frames of videos.
  bool small_faces = true;
  // Cores that one call may use. As many pictures, but at most 8, are searched at the same time, by
  // one call or by several; each search needs a detector of its own. At most 1024; 0: all cores of
  // the process.
  int threads = 0;
};

// Pixels of the picture; x to the right, y down, from its upper left corner.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;

  bool operator==(const Box&) const = default;
};

struct Face {
  Box box;             // cut at the picture's borders, not empty
  double score = 0.0;  // the detector's confidence, in [0, 1]
  std::string label;   // of the most probable class
  double probability = 0.0;
  std::vector<float> probabilities;  // [C], in the order of Predictor::labels(); sum 1

  bool operator==(const Face&) const = default;
};

// A picture in any form: pixels, the path of a file, or the content of one. Views and spans must
// stay as they are while a function reads them.
using Picture = std::variant<ImageView, std::string, std::span<const std::uint8_t>>;

// The result of one picture of several: its faces, or why it could not be searched.
struct PictureResult {
  std::vector<Face> faces;    // from left to right; may be empty without an error
  std::string error;          // empty if the picture was searched
  int width = 0, height = 0;  // of the picture, upright; 0 if it could not be read

  bool failed() const { return !error.empty(); }
};

// The facts in a model's file.
struct ModelCard {
  std::string name;              // of the file or run folder: "nano"
  std::string file;              // its path
  std::string architecture;      // "seed-cnn", "nano", …
  std::string creator;           // program and version that wrote the file
  std::string licence;           // of the weights and their training data
  std::string data;              // the training data, as its trainer named it
  std::string data_fingerprint;  // of the training images; may be empty
  int input_side = 0;            // pixels: width of the network's input, for most models the side
                                 // of a grey square
  double temperature = 1.0;      // divides the logits; 1 for a model that is not calibrated
  double weight = 1.0;           // in the mean of all models; the weights of one predictor sum to 1
};

// Loads once, predicts often.
//
// Threads: every const function may be called from any number of threads at the same time, on one
// object; the results are the same as by one thread. Copies are cheap: they share weights and
// detectors. Assigning to an object, or moving from it, while another thread uses it is a race as
// with any value. A moved-from object can only be assigned to and destroyed.
//
// Errors: whatever a user can cause is a fer::Error (fer/error.h), which says what is wrong and
// what is allowed; std::bad_alloc where memory runs out. After an exception the object is as
// before.
//
// Side effect: OpenCV's own log is switched off for the process, because its messages come as
// errors.
class Predictor {
 public:
  // Reads models and detector. @throws fer::Error for a model that is missing or broken, models
  // with other classes than the first, an unknown tta, precision or detector, a precision that the
  // processor or a model lacks, threads out of range, and a detector without its file.
  explicit Predictor(const PredictorOptions& options = {});
  ~Predictor();
  Predictor(const Predictor&);
  Predictor& operator=(const Predictor&);
  Predictor(Predictor&&) noexcept;
  Predictor& operator=(Predictor&&) noexcept;

  // The picture's faces from left to right, empty where it has none. @throws fer::Error for a view
  // without pixels, with a side below 1, a stride that is shorter than a row, or more than 100
  // million pixels.
  std::vector<Face> predict(const ImageView& picture) const;

  // The file's picture (JPEG, PNG, WebP, TIFF and more, docs/predict.md), turned upright by its
  // EXIF orientation. @throws fer::Error naming a file that cannot be read.
  std::vector<Face> predict_file(const std::string& path) const;

  // As predict_file(), of the file's content. @throws fer::Error where it is no picture or a broken
  // one.
  std::vector<Face> predict_bytes(std::span<const std::uint8_t> file) const;

  // A result for each picture, in their order. Pictures are searched at the same time, and all
  // their faces are classified together: faster than one after another. A picture that cannot be
  // searched has an error and leaves the others alone.
  std::vector<PictureResult> predict(std::span<const ImageView> pictures) const;

  // As predict(), for pictures in any form, also several forms in one call. Files are read by the
  // threads that search them, so that no more pictures are in memory than are searched at the same
  // time.
  std::vector<PictureResult> predict_pictures(std::span<const Picture> pictures) const;

  // The face in each picture, for pictures that are cut-out faces: no detector runs, as with
  // detector "none". @throws fer::Error for the pictures for which predict() does; it names the
  // picture's number, from 0.
  std::vector<Face> classify_crops(std::span<const ImageView> crops) const;

  const std::vector<std::string>& labels() const;  // [C]
  const std::vector<ModelCard>& models() const;    // at least one
  const std::string& detector() const;             // yunet, centerface, haar or none

 private:
  struct Parts;
  std::shared_ptr<const Parts> parts_;
};

}  // namespace fer
