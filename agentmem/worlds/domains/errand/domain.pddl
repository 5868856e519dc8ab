; A courier's round: things are fetched and handed over in the order in which they are due. The ways from a
; place, its containers and its things are seen only there, and what is in a container only once that is open.
(define (domain errand)
  (:requirements :strips :typing :negative-preconditions)
  (:types place container item hand)
  (:predicates
    (here ?place - place)
    (way ?from - place ?to - place)
    (visited ?place - place)
    (stands ?container - container ?place - place)
    (opened ?container - container)
    (inside ?item - item ?container - container)
    (lies ?item - item ?place - place)
    (holding ?hand - hand ?item - item)
    (free ?hand - hand)
    (due ?item - item)
    (after ?item - item ?next - item)
    (wanted ?item - item ?place - place)
    (delivered ?item - item ?place - place))

  (:action go
    :parameters (?from - place ?to - place)
    :precondition (and (here ?from) (way ?from ?to))
    :effect (and (here ?to) (visited ?to) (not (here ?from))))

  (:action open
    :parameters (?container - container ?place - place ?hand - hand)
    :precondition (and (here ?place) (stands ?container ?place) (not (opened ?container)) (free ?hand))
    :effect (opened ?container))

  (:action take-out
    :parameters (?item - item ?container - container ?place - place ?hand - hand)
    :precondition (and (here ?place) (stands ?container ?place) (opened ?container) (inside ?item ?container)
      (free ?hand))
    :effect (and (holding ?hand ?item) (not (free ?hand)) (not (inside ?item ?container))))

  (:action pick-up
    :parameters (?item - item ?place - place ?hand - hand)
    :precondition (and (here ?place) (lies ?item ?place) (free ?hand))
    :effect (and (holding ?hand ?item) (not (free ?hand)) (not (lies ?item ?place))))

  (:action put-down
    :parameters (?item - item ?place - place ?hand - hand)
    :precondition (and (here ?place) (holding ?hand ?item))
    :effect (and (lies ?item ?place) (free ?hand) (not (holding ?hand ?item))))

  (:action hand-over
    :parameters (?item - item ?place - place ?hand - hand ?next - item)
    :precondition (and (here ?place) (holding ?hand ?item) (due ?item) (wanted ?item ?place) (after ?item ?next))
    :effect (and (delivered ?item ?place) (free ?hand) (due ?next) (not (holding ?hand ?item)) (not (due ?item)))))
