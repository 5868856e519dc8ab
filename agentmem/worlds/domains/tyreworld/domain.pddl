; Flat wheels are changed for spare ones. What lies in a container is seen only while that is open.
(define (domain tyreworld)
  (:requirements :strips :typing :negative-preconditions)
  (:types
    thing container hub - object
    tool key wheel nuts - thing)
  (:constants
    wrench jack pump - tool)
  (:predicates
    (opened ?container - container)
    (locked ?container - container)
    (fits ?key - key ?container - container)
    (in ?thing - thing ?container - container)
    (have ?thing - thing)
    (on ?wheel - wheel ?hub - hub)
    (tight ?nuts - nuts ?hub - hub)
    (loose ?nuts - nuts ?hub - hub)
    (bare ?hub - hub)
    (undone ?hub - hub)
    (raised ?hub - hub)
    (inflated ?wheel - wheel))

  (:action unlock
    :parameters (?container - container ?key - key)
    :precondition (and (locked ?container) (fits ?key ?container) (have ?key))
    :effect (not (locked ?container)))

  (:action open
    :parameters (?container - container)
    :precondition (and (not (opened ?container)) (not (locked ?container)))
    :effect (opened ?container))

  (:action close
    :parameters (?container - container)
    :precondition (opened ?container)
    :effect (not (opened ?container)))

  (:action fetch
    :parameters (?thing - thing ?container - container)
    :precondition (and (in ?thing ?container) (opened ?container))
    :effect (and (have ?thing) (not (in ?thing ?container))))

  (:action put-away
    :parameters (?thing - thing ?container - container)
    :precondition (and (have ?thing) (opened ?container))
    :effect (and (in ?thing ?container) (not (have ?thing))))

  (:action loosen
    :parameters (?nuts - nuts ?hub - hub)
    :precondition (and (have wrench) (tight ?nuts ?hub) (not (raised ?hub)))
    :effect (and (loose ?nuts ?hub) (not (tight ?nuts ?hub))))

  (:action tighten
    :parameters (?nuts - nuts ?hub - hub)
    :precondition (and (have wrench) (loose ?nuts ?hub) (not (raised ?hub)))
    :effect (and (tight ?nuts ?hub) (not (loose ?nuts ?hub))))

  (:action jack-up
    :parameters (?hub - hub)
    :precondition (and (have jack) (not (raised ?hub)))
    :effect (and (raised ?hub) (not (have jack))))

  (:action jack-down
    :parameters (?hub - hub)
    :precondition (raised ?hub)
    :effect (and (have jack) (not (raised ?hub))))

  (:action undo
    :parameters (?nuts - nuts ?hub - hub)
    :precondition (and (have wrench) (loose ?nuts ?hub) (raised ?hub))
    :effect (and (have ?nuts) (undone ?hub) (not (loose ?nuts ?hub))))

  (:action do-up
    :parameters (?nuts - nuts ?hub - hub)
    :precondition (and (have wrench) (have ?nuts) (undone ?hub) (raised ?hub))
    :effect (and (loose ?nuts ?hub) (not (undone ?hub)) (not (have ?nuts))))

  (:action remove-wheel
    :parameters (?wheel - wheel ?hub - hub)
    :precondition (and (on ?wheel ?hub) (undone ?hub) (raised ?hub))
    :effect (and (have ?wheel) (bare ?hub) (not (on ?wheel ?hub))))

  (:action put-on-wheel
    :parameters (?wheel - wheel ?hub - hub)
    :precondition (and (have ?wheel) (bare ?hub) (undone ?hub) (raised ?hub))
    :effect (and (on ?wheel ?hub) (not (bare ?hub)) (not (have ?wheel))))

  (:action inflate
    :parameters (?wheel - wheel ?hub - hub)
    :precondition (and (have pump) (on ?wheel ?hub) (not (inflated ?wheel)))
    :effect (inflated ?wheel)))
