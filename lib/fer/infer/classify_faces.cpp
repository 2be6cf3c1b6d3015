#include "fer/infer/classify_faces.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

#include "fer/infer/face_model.h"
#include "fer/infer/grad_cam.h"
#include "fer/infer/mixture.h"

namespace fer::infer {

namespace {

// With fewer views than this one thread classifies, and the other cores are left to the detector.
constexpr std::size_t kWorthThreads = 8;

struct Member {
  std::unique_ptr<const FaceModel> model;
  double share;
  std::optional<std::size_t> cut;  // index of its cut in `wanted`; nothing: the faces themselves
};

struct Members {
  std::vector<Member> all;
  WantedFaces wanted;

  std::size_t class_count() const { return all.front().model->class_count(); }
};

}  // namespace

std::optional<std::size_t> number_of_cut(const WantedFaces& wanted, const FaceCut& cut) {
  const auto found = std::find(wanted.cuts.begin(), wanted.cuts.end(), cut);
  if (found == wanted.cuts.end()) return std::nullopt;
  return static_cast<std::size_t>(found - wanted.cuts.begin());
}

namespace {

Members members_of(const std::vector<model::NamedModel>& models, Precision precision) {
  const std::vector<double> shares = mixture_shares(model::own_weights(models), models.size());
  std::vector<model::NamedModel> used;
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (shares[i] != 0.0) used.push_back(models[i]);
  }
  Members members{.all = {}, .wanted = faces_wanted_by(used)};
  for (std::size_t i = 0; i < models.size(); ++i) {
    if (shares[i] == 0.0) continue;
    const model::Model& model = models[i].model;
    const std::string origin = models[i].path.string();
    members.all.push_back(
        {std::make_unique<const FaceModel>(model, origin, resolved(precision, model.info, origin)),
         shares[i], number_of_cut(members.wanted, model.info.input.cut)});
  }
  return members;
}

std::vector<float> rows_by(const Member& member, FacesView faces, std::span<const FaceCuts> cuts,
                           Tta tta, runtime::Team& team) {
  if (!member.cut || cuts.empty()) return member.model->probabilities(faces, tta, team);
  std::vector<std::uint8_t> bytes;
  for (const FaceCuts& face : cuts) {
    const std::vector<std::uint8_t>& own = face.at(*member.cut);
    bytes.insert(bytes.end(), own.begin(), own.end());
  }
  return member.model->probabilities({bytes, member.model->cut().format}, tta, team);
}

// In double, so that the mean of equal rows is that row.
std::vector<double> mean_of(const Members& members, FacesView faces, std::span<const FaceCuts> cuts,
                            Tta tta, runtime::Team& team) {
  std::vector<double> sum(faces.size() * members.class_count());
  for (const Member& member : members.all) {
    const std::vector<float> rows = rows_by(member, faces, cuts, tta, team);
    for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += member.share * double{rows.at(i)};
  }
  return sum;
}

std::vector<std::vector<float>> rows_of(const std::vector<double>& numbers, std::size_t classes) {
  std::vector<std::vector<float>> rows;
  for (auto row = numbers.begin(); row != numbers.end();
       row += static_cast<std::ptrdiff_t>(classes)) {
    rows.emplace_back(row, row + static_cast<std::ptrdiff_t>(classes));
  }
  return rows;
}

}  // namespace

WantedFaces faces_wanted_by(const std::vector<model::NamedModel>& models) {
  WantedFaces wanted;
  const auto own = std::find_if(models.begin(), models.end(), [](const model::NamedModel& model) {
    return !model.model.info.is_imported();
  });
  if (own != models.end()) wanted.format = own->model.info.data_format();
  for (const model::NamedModel& model : models) {
    const FaceCut& cut = model.model.info.input.cut;
    if (cut == FaceCut{wanted.format} || number_of_cut(wanted, cut)) continue;
    wanted.cuts.push_back(cut);
  }
  return wanted;
}

ClassifyFaces classify_with(const std::vector<model::NamedModel>& models, Tta tta, int threads,
                            Precision precision) {
  const auto members = std::make_shared<const Members>(members_of(models, precision));
  return {members->wanted,
          [members, tta, threads](FacesView faces, std::span<const FaceCuts> cuts) {
            const std::size_t looks = faces.size() * members->all.size() * view_count(tta);
            runtime::Team& team = runtime::own_team(looks >= kWorthThreads ? threads : 1);
            return rows_of(mean_of(*members, faces, cuts, tta, team), members->class_count());
          }};
}

ExplainFaces explain_with(const std::vector<model::NamedModel>& models) {
  struct Lazy {
    model::Model model;
    std::string origin;
    std::once_flag once;
    std::optional<GradCam> cam;
  };
  const auto lazy = std::make_shared<Lazy>();
  lazy->model = models.front().model;
  lazy->origin = models.front().path.string();
  return [lazy](FacesView faces, std::span<const std::int64_t> classes) {
    std::call_once(lazy->once, [&] {
      lazy->cam.emplace(lazy->model, lazy->origin);
      lazy->model = {};
    });
    return lazy->cam->maps(faces, classes, runtime::own_team(1));
  };
}

}  // namespace fer::infer
