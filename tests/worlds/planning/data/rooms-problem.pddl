(define (problem house) (:domain rooms)
  (:objects kitchen attic - room cup-a key ball - thing chest - box)
  (:init (here kitchen) (lies cup-a kitchen) (lies ball attic) (stands chest attic) (inside key chest))
  (:goal (and (lies key kitchen) (inside cup-a chest) (not (open chest)))))
