# The software bill of materials: what this build was made of, as an SPDX 2.3 document, fer.spdx.json. It is
# written when the build is configured, with the versions that were found, and installed beside the
# licence; the target `sbom` says where it lies. tests/python/sbom_test.py holds it against what the programs
# load.

set(FER_SBOM "${CMAKE_CURRENT_BINARY_DIR}/fer.spdx.json")
set(_packages "[]")
set(_relations "[]")

# _text(VARIABLE text): the text as a JSON string.
function(_text variable text)
  string(REPLACE "\\" "\\\\" text "${text}")
  string(REPLACE "\"" "\\\"" text "${text}")
  set(${variable} "\"${text}\"" PARENT_SCOPE)
endfunction()

# _append(LIST json): appends to a list of JSON values.
macro(_append list json)
  string(JSON _length LENGTH "${${list}}")
  string(JSON ${list} SET "${${list}}" ${_length} "${json}")
endmacro()

macro(_relate from type to)
  _append(_relations "{\"spdxElementId\": \"${from}\", \"relationshipType\": \"${type}\", \"relatedSpdxElement\": \"${to}\"}")
endmacro()

# fer_material(NAME VERSION LICENCE [RELATION]): adds a package and its relation to this one. A package that was
# not found has no version and is left out.
macro(fer_material name version licence)
  if(NOT "${version}" STREQUAL "")
    set(_relation DEPENDS_ON)
    if(${ARGC} GREATER 3)
      set(_relation ${ARGV3})
    endif()
    string(REGEX REPLACE "[^A-Za-z0-9.]" "-" _id "SPDXRef-${name}")
    _text(_name "${name}")
    _text(_version "${version}")
    _append(_packages "{\"name\": ${_name}, \"SPDXID\": \"${_id}\", \"versionInfo\": ${_version},
      \"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": false, \"licenseConcluded\": \"NOASSERTION\",
      \"licenseDeclared\": \"${licence}\", \"copyrightText\": \"NOASSERTION\"}")
    if(_relation MATCHES "_OF$")
      _relate(${_id} ${_relation} SPDXRef-fer)
    else()
      _relate(SPDXRef-fer ${_relation} ${_id})
    endif()
  endif()
endmacro()

# fer_material_file(FILE LICENCE): adds a file that is installed unchanged; its checksum is its version.
macro(fer_material_file file licence)
  if(EXISTS "${file}")
    get_filename_component(_file "${file}" NAME)
    file(SHA256 "${file}" _hash)
    string(SUBSTRING "${_hash}" 0 12 _short)
    fer_material("${_file}" "${_short}" "${licence}" CONTAINS)
    string(JSON _last LENGTH "${_packages}")
    math(EXPR _last "${_last} - 1")
    string(JSON _packages SET "${_packages}" ${_last} checksums
           "[{\"algorithm\": \"SHA256\", \"checksumValue\": \"${_hash}\"}]")
  endif()
endmacro()

# _header_version(VARIABLE file regex…): the numbers that the expressions match in a header, joined by dots.
function(_header_version variable file)
  set(numbers "")
  if(EXISTS "${file}")
    file(READ "${file}" header)
    foreach(pattern IN LISTS ARGN)
      if(header MATCHES "${pattern}")
        list(APPEND numbers ${CMAKE_MATCH_1})
      endif()
    endforeach()
  endif()
  list(JOIN numbers "." numbers)
  set(${variable} "${numbers}" PARENT_SCOPE)
endfunction()

_text(_version "${PROJECT_VERSION}")
_append(_packages "{\"name\": \"fer\", \"SPDXID\": \"SPDXRef-fer\", \"versionInfo\": ${_version},
  \"downloadLocation\": \"NOASSERTION\", \"filesAnalyzed\": false, \"licenseConcluded\": \"Apache-2.0\",
  \"licenseDeclared\": \"Apache-2.0\", \"copyrightText\": \"NOASSERTION\"}")
_relate(SPDXRef-DOCUMENT DESCRIBES SPDXRef-fer)

_header_version(_xxhash "${XXHASH_INCLUDE_DIR}/xxhash.h" "XXH_VERSION_MAJOR +([0-9]+)"
                "XXH_VERSION_MINOR +([0-9]+)" "XXH_VERSION_RELEASE +([0-9]+)")
fer_material("${CMAKE_CXX_COMPILER_ID}" "${CMAKE_CXX_COMPILER_VERSION}" NOASSERTION BUILD_TOOL_OF)
fer_material(CMake "${CMAKE_VERSION}" BSD-3-Clause BUILD_TOOL_OF)
fer_material(nlohmann_json "${nlohmann_json_VERSION}" MIT)
fer_material(xxHash "${_xxhash}" BSD-2-Clause)
fer_material(zlib "${ZLIB_VERSION_STRING}" Zlib)
if(FER_BUILD_PROGRAMS)
  fer_material(CLI11 "${CLI11_VERSION}" BSD-3-Clause)
  find_package(spdlog QUIET)
  fer_material(spdlog "${spdlog_VERSION}" MIT)
  find_package(fmt QUIET)
  fer_material(fmt "${fmt_VERSION}" MIT)
endif()
if(FER_WITH_VISION)
  pkg_check_modules(FER_SBOM_JPEG QUIET libjpeg)
  fer_material(OpenCV "${OpenCV_VERSION}" Apache-2.0)
  fer_material(oneTBB "${TBB_VERSION}" Apache-2.0)
  fer_material(libjpeg "${FER_SBOM_JPEG_VERSION}" "IJG AND BSD-3-Clause")
  fer_material(libpng "${PNG_VERSION_STRING}" libpng-2.0)
  foreach(_library libavformat libavcodec libavutil libswscale)
    fer_material("FFmpeg ${_library}" "${FER_FFMPEG_${_library}_VERSION}" LGPL-2.1-or-later)
  endforeach()
endif()
if(FER_WITH_SERVE)
  fer_material(Boost "${Boost_VERSION_STRING}" BSL-1.0)
endif()
if(FER_WITH_PNG)
  fer_material(librsvg "${FER_RSVG_librsvg-2.0_VERSION}" LGPL-2.1-or-later)
  fer_material(cairo "${FER_RSVG_cairo_VERSION}" "LGPL-2.1-only OR MPL-1.1")
endif()
if(FER_WITH_TORCH)
  fer_material(LibTorch "${LibTorch_VERSION}" BSD-3-Clause)
endif()
file(GLOB _models CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/models/*.safetensors")
foreach(_model IN LISTS _models)
  fer_material_file("${_model}" Apache-2.0)
endforeach()
fer_material_file("${CMAKE_CURRENT_SOURCE_DIR}/.deps/detectors/centerface.onnx" MIT)

# If SOURCE_DATE_EPOCH is set, two builds of one tree write identical documents.
string(TIMESTAMP _now "%Y-%m-%dT%H:%M:%SZ" UTC)
string(SHA256 _unique "${_packages}${_relations}")
string(SUBSTRING "${_unique}" 0 16 _unique)
set(_document "{}")
foreach(_field "spdxVersion|\"SPDX-2.3\"" "dataLicense|\"CC0-1.0\"" "SPDXID|\"SPDXRef-DOCUMENT\""
               "name|\"fer-${PROJECT_VERSION}\""
               "documentNamespace|\"https://spdx.org/spdxdocs/fer-${PROJECT_VERSION}-${_unique}\""
               "creationInfo|{\"created\": \"${_now}\", \"creators\": [\"Tool: CMake-${CMAKE_VERSION}\"]}")
  string(REGEX MATCH "^([A-Za-zX]+)\\|(.*)$" _field "${_field}")
  string(JSON _document SET "${_document}" "${CMAKE_MATCH_1}" "${CMAKE_MATCH_2}")
endforeach()
string(JSON _document SET "${_document}" packages "${_packages}")
string(JSON _document SET "${_document}" relationships "${_relations}")
file(WRITE "${FER_SBOM}" "${_document}\n")
add_custom_target(sbom COMMAND ${CMAKE_COMMAND} -E echo "${FER_SBOM}" VERBATIM)
