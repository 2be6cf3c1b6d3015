// The interface between prediction and the models: faces in, probabilities out.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "fer/core/face.h"
#include "fer/infer/precision.h"
#include "fer/infer/tta.h"
#include "fer/model/named_models.h"

namespace fer::infer {

// The probabilities [C] of each face, in order; a row sums to 1. A value like a function: copies
// share what they run, and several threads may call it at once.
class ClassifyFaces {
 public:
  using Rows = std::vector<std::vector<float>>;
  using OfFaces = std::function<Rows(FacesView faces)>;
  using OfCuts = std::function<Rows(FacesView faces, std::span<const FaceCuts> cuts)>;

  ClassifyFaces() = default;

  // From any function of 48x48 grey faces.
  template <typename Function>
  requires(std::is_invocable_r_v<Rows, Function&, FacesView> &&
           !std::is_same_v<std::remove_cvref_t<Function>, ClassifyFaces>)
      ClassifyFaces(Function function)  // NOLINT(google-explicit-constructor): it is one
      : classify_([of_faces = OfFaces(std::move(function))](
                      FacesView faces, std::span<const FaceCuts>) { return of_faces(faces); }) {}

  // From a function that also takes the cuts of `wanted`.
  ClassifyFaces(WantedFaces wanted, OfCuts function)
      : wanted_(std::move(wanted)), classify_(std::move(function)) {}

  // The format of `faces`, and the further cuts of each face that are wanted where its picture is
  // at hand.
  const WantedFaces& wanted() const { return wanted_; }

  // cuts: each face once for each of wanted().cuts; empty: networks that want cuts get the face
  // scaled to their size.
  Rows operator()(FacesView faces, std::span<const FaceCuts> cuts = {}) const {
    return classify_(faces, wanted_.cuts.empty() ? std::span<const FaceCuts>() : cuts);
  }

 private:
  WantedFaces wanted_;
  OfCuts classify_;
};

// For each face and the class shown for it, a map of the face's size in [0, 1]; 1 marks the pixels
// that spoke most for the class.
using ExplainFaces = std::function<std::vector<std::vector<float>>(
    FacesView faces, std::span<const std::int64_t> classes)>;

// The faces to give to models: the data format of the first model that is not imported, and the
// cuts of the other models.
WantedFaces faces_wanted_by(const std::vector<model::NamedModel>& models);
// The index of `cut` in wanted.cuts, if it is there.
std::optional<std::size_t> number_of_cut(const WantedFaces& wanted, const FaceCut& cut);

// Each face's probabilities by the mean of the models with their weights, over the views of `tta`.
// Holds copies of their weights. Few faces are classified on the calling thread alone, to leave the
// other cores to the detector. `threads` is at least 1. A model of weight 0 is not run. @throws
// fer::Error as FaceModel and resolved() do.
ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, Tta tta, int threads,
                            Precision precision = Precision::float32);

// Grad-CAM (infer/grad_cam.h) of the first model, which is prepared at the first call.
ExplainFaces explain_with(const std::vector<model::NamedModel>& models);

}  // namespace fer::infer
