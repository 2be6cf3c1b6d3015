// Faces in, numbers out: what prediction needs to know of the models.
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

  // By any function of faces as FER2013 has them.
  template <typename Function>
  requires(std::is_invocable_r_v<Rows, Function&, FacesView> &&
           !std::is_same_v<std::remove_cvref_t<Function>, ClassifyFaces>)
      ClassifyFaces(Function function)  // NOLINT(google-explicit-constructor): it is one
      : classify_([of_faces = OfFaces(std::move(function))](
                      FacesView faces, std::span<const FaceCuts>) { return of_faces(faces); }) {}

  // By one that also takes each face as `wanted` has it.
  ClassifyFaces(WantedFaces wanted, OfCuts function)
      : wanted_(std::move(wanted)), classify_(std::move(function)) {}

  // In which format faces go in; and how else they are wanted, where their pictures are at hand.
  const WantedFaces& wanted() const { return wanted_; }

  // cuts: each face once for each of wanted().cuts; none: networks that want them get the face
  // scaled to their size.
  Rows operator()(FacesView faces, std::span<const FaceCuts> cuts = {}) const {
    return classify_(faces, wanted_.cuts.empty() ? std::span<const FaceCuts>() : cuts);
  }

 private:
  WantedFaces wanted_;
  OfCuts classify_;
};

// For each face the class shown -> a map of the face's size in [0, 1], 1 where most spoke for the
// class.
using ExplainFaces = std::function<std::vector<std::vector<float>>(
    FacesView faces, std::span<const std::int64_t> classes)>;

// The faces that models are to be given: those of data sets for the first that is no stranger's
// network; and the cuts of the others.
WantedFaces faces_wanted_by(const std::vector<model::NamedModel>& models);
// Which of wanted.cuts it is; none where it is none of them.
std::optional<std::size_t> number_of_cut(const WantedFaces& wanted, const FaceCut& cut);

// Each face's probabilities by the mean of the models with their weights, over the views of `tta`.
// Holds copies of their weights. Few faces are classified on the calling thread alone: the other
// cores are the detector's. `threads` is at least 1. A model of weight 0 is not run. @throws
// fer::Error as FaceModel and resolved() do.
ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, Tta tta, int threads,
                            Precision precision = Precision::float32);

// Grad-CAM (infer/grad_cam.h) of the first model, which is prepared when it is first asked.
ExplainFaces explain_with(const std::vector<model::NamedModel>& models);

}  // namespace fer::infer
